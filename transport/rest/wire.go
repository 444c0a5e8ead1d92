package rest

import (
	"cmp"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/readmodel"
)

// What follows turns the contract's bodies into the domain's values and back.

func domainMOCDraft(body MOCDraft) domain.MOCDraft {
	draft := domain.MOCDraft{Title: body.Title, Theme: body.Theme, CoverImageURL: body.CoverImageURL.Value}
	if body.BuildStatus != nil {
		draft.BuildStatus = cmp.Or(*body.BuildStatus, "?") // to the domain "" is none, but here it is a wrong word
	}
	if body.Parts != nil {
		draft.Parts = domainParts(*body.Parts)
	}
	return draft
}

func domainMOCEdit(body MOCEdit) domain.MOCEdit {
	return domain.MOCEdit{
		Title: body.Title, Theme: body.Theme, BuildStatus: body.BuildStatus, CoverImageURL: body.CoverImageURL.Value,
		RemoveCover: body.CoverImageURL.Present && body.CoverImageURL.Value == nil,
	}
}

func domainParts(body Parts) domain.Parts {
	return domain.Parts{Total: body.Total, Owned: body.Owned, Ordered: body.Ordered}
}

func domainSetDraft(body SetDraft) domain.SetDraft {
	draft := domain.SetDraft{Number: body.SetNumber, Name: body.Name, Theme: body.Theme, Quantity: 1}
	if body.Quantity != nil {
		draft.Quantity = *body.Quantity
	}
	return draft
}

func wireMOC(m domain.MOC) MOC {
	return MOC{
		ID: m.ID, Title: m.Title, Theme: m.Theme, BuildStatus: m.BuildStatus, CoverImageURL: m.CoverImageURL,
		Parts:          Parts{Total: m.Parts.Total, Owned: m.Parts.Owned, Ordered: m.Parts.Ordered},
		CoverageStatus: m.Parts.CoverageStatus(), CoveragePercentage: m.Parts.CoveragePercentage(),
		Version: m.Version, CreatedAt: readmodel.Time(m.CreatedAt), UpdatedAt: readmodel.Time(m.UpdatedAt),
	}
}

func wireSet(s domain.Set) Set {
	return Set{
		ID: s.ID, SetNumber: s.Number, Name: s.Name, Theme: s.Theme, Quantity: s.Quantity,
		Version: s.Version, CreatedAt: readmodel.Time(s.CreatedAt), UpdatedAt: readmodel.Time(s.UpdatedAt),
	}
}

func wireWishlistItem(w domain.WishlistItem) WishlistItem {
	return WishlistItem{
		ID: w.ID, Kind: w.Kind, Title: w.Title, Reference: w.Reference, Theme: w.Theme,
		Version: w.Version, CreatedAt: readmodel.Time(w.CreatedAt), UpdatedAt: readmodel.Time(w.UpdatedAt),
	}
}

func createdMOC(m domain.MOC) (command.Answer, error) {
	return created(mocsPath, m.ID.String(), m.Version, wireMOC(m))
}

func createdSet(s domain.Set) (command.Answer, error) {
	return created(setsPath, s.ID.String(), s.Version, wireSet(s))
}

func createdWishlistItem(w domain.WishlistItem) (command.Answer, error) {
	return created(wishlistPath, w.ID.String(), w.Version, wireWishlistItem(w))
}
