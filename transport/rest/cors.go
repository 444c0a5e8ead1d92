package rest

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/brickboard/brickboard/transport/auth"
)

var crossOrigin = auth.CrossOrigin{
	Methods: "GET, HEAD, POST, PUT, PATCH, DELETE",
	Headers: "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match",
	Exposed: "ETag, Location",
}

// preflight lets pages of allowed origins read what the API answers, and answers browsers that ask before they send. It
// says whether the request is answered.
func (a *api) preflight(c *gin.Context) (answered bool) {
	h := c.Writer.Header()
	if !isAPI(c.Request.URL.Path) || !a.Origins.Share(h, c.Request, crossOrigin) {
		return false
	}
	h.Set("Vary", "Origin")
	c.AbortWithStatus(http.StatusNoContent)
	return true
}
