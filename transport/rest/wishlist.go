package rest

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/transport/auth"
)

const wishlistPath = "/api/wishlist"

func (a *api) listWishlist(c *gin.Context, who auth.Identity) error {
	q, err := newQuery(c)
	if err != nil {
		return err
	}
	page := q.page()
	if err := q.err(); err != nil {
		return err
	}
	wishes, err := a.Collection.Wishlist(c.Request.Context(), who.Collector, oneMore(page))
	if err != nil {
		return err
	}
	items, next := cut(wishes, page.Limit, wireWishlistItem, func(w domain.WishlistItem) command.Position {
		return command.Position{CreatedAt: w.CreatedAt, ID: w.ID}
	})
	keepPrivate(c)
	return sendJSON(c, WishlistPage{Items: items, NextCursor: next})
}

func (a *api) addWishlistItem(c *gin.Context, who auth.Identity) error {
	body, raw, err := readBody[WishlistDraft](a, c)
	if err != nil {
		return err
	}
	cmd := command.AddWishlistItem{Collector: who.Collector, Draft: domain.WishlistDraft{
		Kind: body.Kind, Title: body.Title, Reference: body.Reference, Theme: body.Theme,
	}}
	return creation[command.AddWishlistItem, domain.WishlistItem]{
		a.Commands.AddWishlistItem, a.Commands.AddWishlistItemOnce, createdWishlistItem,
	}.create(c, cmd, raw)
}

func (a *api) getWishlistItem(c *gin.Context, who auth.Identity) error {
	id, err := pathID(c, domain.ErrWishlistItemNotFound)
	if err != nil {
		return err
	}
	item, err := a.Collection.WishlistItem(c.Request.Context(), who.Collector, id)
	if err != nil {
		return err
	}
	return sendRead(c, item.Version, wireWishlistItem(item))
}

func (a *api) deleteWishlistItem(c *gin.Context, who auth.Identity) error {
	id, expected, err := target(c, domain.ErrWishlistItemNotFound)
	if err != nil {
		return err
	}
	err = a.Commands.DeleteWishlistItem(c.Request.Context(),
		command.DeleteWishlistItem{Collector: who.Collector, ID: id, Expected: expected})
	if err != nil {
		return err
	}
	sendNothing(c, http.StatusNoContent)
	return nil
}
