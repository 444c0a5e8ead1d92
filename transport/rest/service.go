package rest

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/brickboard/brickboard/transport/auth"
)

func (a *api) getContract(c *gin.Context, _ auth.Identity) error {
	send(c, http.StatusOK, "application/yaml", []byte(contract))
	return nil
}

func (a *api) getLiveness(c *gin.Context, _ auth.Identity) error {
	return sendJSON(c, Health{Status: "ok"})
}

func (a *api) getReadiness(c *gin.Context, _ auth.Identity) error {
	if err := a.Ready(c.Request.Context()); err != nil {
		return fmt.Errorf("%w: %w", errNotReady, err)
	}
	return sendJSON(c, Health{Status: "ok"})
}
