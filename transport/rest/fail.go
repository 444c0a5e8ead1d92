package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/brickboard/brickboard/transport/auth"
)

// fail answers with the problem that err is, and logs what nobody but an operator can mend.
func (a *api) fail(c *gin.Context, err error) {
	p := problemOf(err)
	h := c.Writer.Header()
	p.RequestID = h.Get(headerRequestID)
	a.logFailure(c, p.Status, err)
	if c.Writer.Written() {
		return
	}
	for _, name := range []string{"ETag", "Vary", "Content-Encoding"} {
		h.Del(name) // of the answer that was begun
	}
	h.Set("Cache-Control", "no-store")
	switch p.Status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", challenge(err))
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "1")
	}
	body, _ := encode(p) // a Problem is plain text and numbers
	send(c, p.Status, "application/problem+json", body)
}

// challenge tells apart who gave no token from who gave a wrong one, and nothing more.
func challenge(err error) string {
	const realm = `Bearer realm="brickboard"`
	if reason := auth.ReasonOf(err); reason == "" || reason == auth.Absent {
		return realm
	}
	return realm + `, error="invalid_token"`
}

func (a *api) logFailure(c *gin.Context, status int, err error) {
	level, msg := slog.LevelDebug, "request refused"
	switch status {
	case http.StatusInternalServerError:
		level, msg = slog.LevelError, "request failed"
	case http.StatusServiceUnavailable:
		level, msg = slog.LevelWarn, "request not possible now"
		if errors.Is(c.Request.Context().Err(), context.Canceled) {
			level, msg = slog.LevelDebug, "request abandoned"
		}
	}
	a.Log.Log(c.Request.Context(), level, msg, "method", c.Request.Method, "path", c.Request.URL.Path,
		"request_id", c.Writer.Header().Get(headerRequestID), "error", err)
}
