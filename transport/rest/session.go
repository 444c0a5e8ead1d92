package rest

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
)

func (a *api) getSession(c *gin.Context, who auth.Identity) error {
	return sendJSON(c, sessionOf(who))
}

func (a *api) startSession(c *gin.Context, who auth.Identity) error {
	_, token, _ := strings.Cut(c.GetHeader("Authorization"), " ") // verified: it has the one form
	auth.SetCookie(c.Writer, c.Request, strings.TrimLeft(token, " "), who.ExpiresAt)
	return sendJSON(c, sessionOf(who))
}

// endSession wants no good token: a cookie that expired must go too.
func (a *api) endSession(c *gin.Context, _ auth.Identity) error {
	auth.ClearCookie(c.Writer, c.Request)
	sendNothing(c, http.StatusNoContent)
	return nil
}

func (a *api) startDemoSession(c *gin.Context, _ auth.Identity) error {
	if a.Demo == nil {
		return errNoSuchPath
	}
	token, expiresAt, err := a.Demo.Signer.Sign(a.Demo.Collector, nil, a.Demo.TTL)
	if err != nil {
		return fmt.Errorf("sign in as the demo collector: %w", err)
	}
	auth.SetCookie(c.Writer, c.Request, token, expiresAt)
	return sendJSON(c, DemoSession{Token: token, UserID: string(a.Demo.Collector), ExpiresAt: readmodel.Time(expiresAt)})
}

func sessionOf(who auth.Identity) Session {
	return Session{UserID: string(who.Collector), ExpiresAt: readmodel.Time(who.ExpiresAt)}
}
