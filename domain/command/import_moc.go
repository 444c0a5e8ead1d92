package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// ImportMOC brings a MOC's counts from a parts list. A MOC of the same title and theme is the same MOC.
type ImportMOC struct {
	Collector domain.CollectorID
	Title     string
	Theme     string
	Total     int
	Owned     int
}

// Outcome says what an import did with one thing.
type Outcome string

// The outcomes of an import.
const (
	ImportAdded     Outcome = "added"
	ImportUpdated   Outcome = "updated"
	ImportUnchanged Outcome = "already there"
)

// ImportMOC returns the MOC as it then is. A parts list says nothing of what is ordered: a MOC that is there keeps
// that count, as far as the new ones leave room for it.
func (s *Service) ImportMOC(ctx context.Context, cmd ImportMOC) (moc domain.MOC, outcome Outcome, err error) {
	err = s.importFile(ctx, cmd.Collector, func(ctx context.Context, db queries.DBTX, u *unit) error {
		moc, outcome, err = cmd.plan(ctx, db, u)
		return err
	})
	return moc, outcome, err
}

func (cmd ImportMOC) plan(ctx context.Context, db queries.DBTX, u *unit) (domain.MOC, Outcome, error) {
	present, err := u.q.MOCLockByName(ctx, db, queries.MOCLockByNameParams{
		UserID: string(cmd.Collector), Title: cmd.Title, Theme: cmd.Theme,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		draft := domain.MOCDraft{Title: cmd.Title, Theme: cmd.Theme, Parts: domain.Parts{Total: cmd.Total, Owned: cmd.Owned}}
		moc, err := AddMOC{Collector: cmd.Collector, Draft: draft}.queue(ctx, u)
		return moc, ImportAdded, err
	}
	if err != nil {
		return domain.MOC{}, "", fmt.Errorf("look for the moc: %w", err)
	}
	return cmd.update(ctx, u, mocOf(present))
}

func (cmd ImportMOC) update(ctx context.Context, u *unit, present domain.MOC) (domain.MOC, Outcome, error) {
	parts := domain.Parts{Total: cmd.Total, Owned: cmd.Owned}
	parts.Ordered = max(0, min(present.Parts.Ordered, parts.Total-parts.Owned))
	next, err := present.CountParts(parts, u.now())
	if err != nil {
		return domain.MOC{}, "", err
	}
	if next.Version == present.Version {
		return present, ImportUnchanged, nil
	}
	return next, ImportUpdated, u.updateMOC(ctx, next, domain.MOCChanged)
}
