package rest

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

const headerRequestID = "X-Request-Id"

// edge is around every request: it names it, answers for other origins, catches panics, and logs at debug.
func (a *api) edge(c *gin.Context) {
	began := time.Now()
	h := c.Writer.Header()
	h.Set(headerRequestID, newRequestID())
	h.Set("X-Content-Type-Options", "nosniff")
	defer a.recover(c)
	if !a.preflight(c) {
		c.Next()
	}
	if ctx := c.Request.Context(); a.Log.Enabled(ctx, slog.LevelDebug) {
		a.Log.DebugContext(ctx, "request", "method", c.Request.Method, "path", c.Request.URL.Path,
			"status", c.Writer.Status(), "bytes", c.Writer.Size(), "duration_ms", time.Since(began).Milliseconds(),
			"request_id", h.Get(headerRequestID))
	}
}

// recover answers for a handler that panicked. What was begun to be answered is cut off, so that nobody takes it for
// whole.
func (a *api) recover(c *gin.Context) {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler {
		panic(cause)
	}
	begun := c.Writer.Written()
	a.fail(c, fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
	if begun {
		panic(http.ErrAbortHandler)
	}
}

// newRequestID need not be secret, only rarely repeat.
func newRequestID() string {
	var id [8]byte
	binary.BigEndian.PutUint64(id[:], rand.Uint64())
	return hex.EncodeToString(id[:])
}

func isAPI(path string) bool {
	return path == "/api" || strings.HasPrefix(path, "/api/")
}
