package rest

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// preflight lets pages of allowed origins read what the API answers, with the collector's cookie, and answers browsers
// that ask before they send. It says whether the request is answered. To other origins no header says anything, so
// that browsers keep the answer from them.
func (a *api) preflight(c *gin.Context) (answered bool) {
	r, h := c.Request, c.Writer.Header()
	origin := r.Header.Get("Origin")
	if origin == "" || !isAPI(r.URL.Path) || !a.Origins.Allows(r) {
		return false
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		h.Set("Access-Control-Expose-Headers", "ETag, Location")
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match")
	h.Set("Access-Control-Max-Age", "600")
	h.Set("Vary", "Origin")
	c.AbortWithStatus(http.StatusNoContent)
	return true
}
