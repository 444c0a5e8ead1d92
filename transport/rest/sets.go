package rest

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/transport/auth"
)

const setsPath = "/api/sets"

func (a *api) listSets(c *gin.Context, who auth.Identity) error {
	q, err := newQuery(c)
	if err != nil {
		return err
	}
	page := q.page()
	if err := q.err(); err != nil {
		return err
	}
	sets, err := a.Collection.Sets(c.Request.Context(), who.Collector, oneMore(page))
	if err != nil {
		return err
	}
	items, next := cut(sets, page.Limit, wireSet, func(s domain.Set) command.Position {
		return command.Position{CreatedAt: s.CreatedAt, ID: s.ID}
	})
	keepPrivate(c)
	return sendJSON(c, SetPage{Items: items, NextCursor: next})
}

func (a *api) addSet(c *gin.Context, who auth.Identity) error {
	body, raw, err := readBody[SetDraft](a, c)
	if err != nil {
		return err
	}
	cmd := command.AddSet{Collector: who.Collector, Draft: domainSetDraft(body)}
	return creation[command.AddSet, domain.Set]{a.Commands.AddSet, a.Commands.AddSetOnce, createdSet}.create(c, cmd, raw)
}

func (a *api) getSet(c *gin.Context, who auth.Identity) error {
	id, err := pathID(c, domain.ErrSetNotFound)
	if err != nil {
		return err
	}
	set, err := a.Collection.Set(c.Request.Context(), who.Collector, id)
	if err != nil {
		return err
	}
	return sendRead(c, set.Version, wireSet(set))
}

func (a *api) editSet(c *gin.Context, who auth.Identity) error {
	id, expected, err := target(c, domain.ErrSetNotFound)
	if err != nil {
		return err
	}
	body, _, err := readBody[SetEdit](a, c)
	if err != nil {
		return err
	}
	set, err := a.Commands.EditSet(c.Request.Context(), command.EditSet{
		Collector: who.Collector, ID: id, Expected: expected,
		Edit: domain.SetEdit{Number: body.SetNumber, Name: body.Name, Theme: body.Theme, Quantity: body.Quantity},
	})
	if err != nil {
		return err
	}
	return sendChanged(c, set.Version, wireSet(set))
}

func (a *api) deleteSet(c *gin.Context, who auth.Identity) error {
	id, expected, err := target(c, domain.ErrSetNotFound)
	if err != nil {
		return err
	}
	err = a.Commands.DeleteSet(c.Request.Context(), command.DeleteSet{Collector: who.Collector, ID: id, Expected: expected})
	if err != nil {
		return err
	}
	sendNothing(c, http.StatusNoContent)
	return nil
}
