package rest

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/readmodel"
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

// dashboard gives a caller who has the present state no more than that.
func (a *api) dashboard(c *gin.Context, collector domain.CollectorID) error {
	snapshot, err := a.unlessKnown(c, collector)
	if snapshot == nil || err != nil {
		return err
	}
	keepPrivate(c)
	c.Header("ETag", `"`+snapshot.String()+`"`)
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

// unlessKnown is the view as it is now; nil when the caller has it and was told so.
func (a *api) unlessKnown(c *gin.Context, collector domain.CollectorID) (*readmodel.Snapshot, error) {
	ctx := c.Request.Context()
	if c.GetHeader("If-None-Match") == "" {
		return a.Dashboards.Snapshot(ctx, collector)
	}
	state, err := a.Dashboards.State(ctx, collector)
	if err != nil || notModified(c, `"`+state.String()+`"`) {
		return nil, err
	}
	return a.Dashboards.SnapshotAt(ctx, collector, state)
}
