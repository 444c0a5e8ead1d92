package rest

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
)

// Deps is what the API works with. All of it is needed, but where a field says what its zero value means.
type Deps struct {
	Commands   *command.Service
	Collection *command.Collection
	Dashboards *readmodel.Reader
	Verifier   *auth.Verifier
	Origins    *auth.Origins
	Log        *slog.Logger

	// Ready says why the service is not ready, or nil. It is asked at every /readyz, and its error only logged.
	Ready func(context.Context) error
	// Demo is whom /api/demo/session signs in; nil: there is none.
	Demo *Demo
	// Pages serves what is neither API nor health; nil: that is not found.
	Pages http.Handler

	MaxBody        int64         // bytes of a request's body; 0: 64 KiB
	RequestTimeout time.Duration // for an operation of the API, which then is unavailable; 0: 10 s
}

// Demo signs in as Collector, for TTL at a time.
type Demo struct {
	Signer    *auth.Signer
	Collector domain.CollectorID
	TTL       time.Duration
}

// NewRouter serves the contract.
func NewRouter(deps Deps) http.Handler {
	deps.MaxBody = cmp.Or(deps.MaxBody, 64<<10)
	deps.RequestTimeout = cmp.Or(deps.RequestTimeout, 10*time.Second)
	a := &api{deps}

	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	engine.UseEscapedPath, engine.UnescapePathValues = true, false // a userId may have a slash in it: see pathValue
	engine.Use(a.edge)
	engine.NoRoute(a.elsewhere)
	engine.NoMethod(func(c *gin.Context) { a.fail(c, errMethodNotAllowed) })
	for _, r := range routes(a) {
		engine.Handle(r.method, r.path, a.operation(r))
		if r.method == http.MethodGet {
			engine.Handle(http.MethodHead, r.path, a.operation(r)) // net/http leaves the body out
		}
	}
	return engine
}

type api struct{ Deps }

// operation puts around an operation what all have: a time limit, who asks, and the answer to its error.
func (a *api) operation(r route) gin.HandlerFunc {
	who := a.identification(r)
	return func(c *gin.Context) {
		ctx, cancel := context.WithTimeout(c.Request.Context(), a.RequestTimeout)
		defer cancel()
		c.Request = c.Request.WithContext(ctx)

		c.Header("Cache-Control", "no-store")
		id, err := who(c.Request)
		if err == nil {
			err = r.serve(c, id)
		}
		if err != nil {
			a.fail(c, err)
		}
	}
}

// identification finds out who sent a request to the route. A changing request that another site's page may have sent
// with the collector's cookie must come from an allowed origin; so must one that wants no credential, for those set or
// clear the cookie.
func (a *api) identification(r route) func(*http.Request) (auth.Identity, error) {
	open := len(r.credentials) == 0
	takesCookie := slices.Contains(r.credentials, "cookie")
	changes := r.method != http.MethodGet
	return func(req *http.Request) (who auth.Identity, err error) {
		fromCookie := open
		if !open {
			if who, fromCookie, err = a.Verifier.Authenticate(req); err != nil {
				return auth.Identity{}, err
			}
		}
		switch {
		case fromCookie && !open && !takesCookie:
			return auth.Identity{}, errNoBearer
		case fromCookie && changes && !a.Origins.Allows(req):
			return auth.Identity{}, errForeignOrigin
		}
		return who, nil
	}
}

// elsewhere serves what no operation does.
func (a *api) elsewhere(c *gin.Context) {
	if a.Pages == nil || isAPI(c.Request.URL.Path) {
		a.fail(c, errNoSuchPath)
		return
	}
	c.Status(http.StatusOK) // gin has set 404 for the case that nothing is written
	a.Pages.ServeHTTP(c.Writer, c.Request)
}
