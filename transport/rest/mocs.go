package rest

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/transport/auth"
)

const mocsPath = "/api/mocs"

func (a *api) listMOCs(c *gin.Context, who auth.Identity) error {
	q, err := newQuery(c)
	if err != nil {
		return err
	}
	page, filter := q.page(), command.MOCFilter{
		Theme:       q.text("theme", domain.MaxTheme),
		BuildStatus: oneOf(q, "buildStatus", domain.Added, domain.InProgress, domain.Built),
		CoverageStatus: oneOf(q, "coverageStatus",
			domain.FullInventory, domain.PartialOrdered, domain.NoCoverage),
		Text: q.text("q", maxSearch),
	}
	if err := q.err(); err != nil {
		return err
	}
	mocs, err := a.Collection.MOCs(c.Request.Context(), who.Collector, filter, oneMore(page))
	if err != nil {
		return err
	}
	items, next := cut(mocs, page.Limit, wireMOC, func(m domain.MOC) command.Position {
		return command.Position{CreatedAt: m.CreatedAt, ID: m.ID}
	})
	keepPrivate(c)
	return sendJSON(c, MOCPage{Items: items, NextCursor: next})
}

func (a *api) addMOC(c *gin.Context, who auth.Identity) error {
	body, raw, err := readBody[MOCDraft](a, c)
	if err != nil {
		return err
	}
	cmd := command.AddMOC{Collector: who.Collector, Draft: domainMOCDraft(body)}
	return creation[command.AddMOC, domain.MOC]{a.Commands.AddMOC, a.Commands.AddMOCOnce, createdMOC}.create(c, cmd, raw)
}

func (a *api) getMOC(c *gin.Context, who auth.Identity) error {
	id, err := pathID(c, domain.ErrMOCNotFound)
	if err != nil {
		return err
	}
	moc, err := a.Collection.MOC(c.Request.Context(), who.Collector, id)
	if err != nil {
		return err
	}
	return sendRead(c, moc.Version, wireMOC(moc))
}

func (a *api) editMOC(c *gin.Context, who auth.Identity) error {
	id, expected, err := target(c, domain.ErrMOCNotFound)
	if err != nil {
		return err
	}
	body, _, err := readBody[MOCEdit](a, c)
	if err != nil {
		return err
	}
	moc, err := a.Commands.EditMOC(c.Request.Context(), command.EditMOC{
		Collector: who.Collector, ID: id, Expected: expected, Edit: domainMOCEdit(body),
	})
	if err != nil {
		return err
	}
	return sendChanged(c, moc.Version, wireMOC(moc))
}

func (a *api) countMOCParts(c *gin.Context, who auth.Identity) error {
	id, expected, err := target(c, domain.ErrMOCNotFound)
	if err != nil {
		return err
	}
	body, _, err := readBody[Parts](a, c)
	if err != nil {
		return err
	}
	moc, err := a.Commands.CountMOCParts(c.Request.Context(), command.CountMOCParts{
		Collector: who.Collector, ID: id, Expected: expected, Parts: domainParts(body),
	})
	if err != nil {
		return err
	}
	return sendChanged(c, moc.Version, wireMOC(moc))
}

func (a *api) deleteMOC(c *gin.Context, who auth.Identity) error {
	id, expected, err := target(c, domain.ErrMOCNotFound)
	if err != nil {
		return err
	}
	err = a.Commands.DeleteMOC(c.Request.Context(), command.DeleteMOC{Collector: who.Collector, ID: id, Expected: expected})
	if err != nil {
		return err
	}
	sendNothing(c, http.StatusNoContent)
	return nil
}
