package rest

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/transport/auth"
)

func (a *api) getDashboard(c *gin.Context, who auth.Identity) error {
	return a.dashboard(c, who.Collector)
}

func (a *api) getUserDashboard(c *gin.Context, who auth.Identity) error {
	user := pathValue(c, "userId")
	if user == string(who.Collector) {
		return a.dashboard(c, who.Collector)
	}
	if !who.Has(auth.ScopeReadAny) {
		return errOtherDashboard
	}
	collector, err := domain.ParseCollectorID(user)
	if err != nil {
		return errNoCollector
	}
	return a.dashboard(c, collector)
}

// dashboard reads the state first: a caller who has it needs no more, and a cached answer is right when it has it.
func (a *api) dashboard(c *gin.Context, collector domain.CollectorID) error {
	ctx := c.Request.Context()
	state, err := a.Dashboards.State(ctx, collector)
	if err != nil {
		return err
	}
	if notModified(c, `"`+state.String()+`"`) {
		return nil
	}
	snapshot, err := a.Dashboards.Snapshot(ctx, collector, state)
	if err != nil {
		return err
	}
	if snapshot.State != state { // newer
		c.Header("ETag", `"`+snapshot.String()+`"`)
	}
	body := snapshot.JSON
	if takesGzip(c.Request.Header.Values("Accept-Encoding")) {
		if compressed := snapshot.Gzip(); compressed != nil {
			c.Header("Content-Encoding", "gzip")
			body = compressed
		}
	}
	send(c, http.StatusOK, mediaJSON, body)
	return nil
}
