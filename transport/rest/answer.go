package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/brickboard/brickboard/domain/command"
)

const mediaJSON = "application/json"

// send writes a whole answer.
func send(c *gin.Context, status int, mediaType string, body []byte) {
	h := c.Writer.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.Status(status)
	_, _ = c.Writer.Write(body) // a client that went away cannot be told
}

// sendNothing writes an answer without a body.
func sendNothing(c *gin.Context, status int) {
	c.Status(status)
	c.Writer.WriteHeaderNow()
}

func sendJSON(c *gin.Context, body any) error {
	encoded, err := encode(body)
	if err != nil {
		return err
	}
	send(c, http.StatusOK, mediaJSON, encoded)
	return nil
}

// encode leaves <, > and & as they are: nosniff is set, so no browser takes JSON for a page.
func encode(body any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// keepPrivate lets the caller's own cache keep an answer, but ask before each use. It varies by all that decides who
// asks and in which form.
func keepPrivate(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Cache-Control", "private, no-cache")
	h["Vary"] = []string{"Authorization, Cookie, Accept-Encoding", "Origin"}
}

// sendRead answers a read of one thing, with 304 where the caller has that version.
func sendRead(c *gin.Context, version int64, body any) error {
	if notModified(c, versionTag(version)) {
		return nil
	}
	return sendJSON(c, body)
}

// sendChanged answers a change with what was changed, as it then is.
func sendChanged(c *gin.Context, version int64, body any) error {
	c.Header("ETag", versionTag(version))
	return sendJSON(c, body)
}

// created is the answer to a creation, the first time as every time after.
func created(collection, id string, version int64, body any) (command.Answer, error) {
	encoded, err := encode(body)
	return command.Answer{
		Status: http.StatusCreated, Location: collection + "/" + id, ETag: versionTag(version), Body: encoded,
	}, err
}

func sendCreated(c *gin.Context, a command.Answer) {
	c.Header("Location", a.Location)
	c.Header("ETag", a.ETag)
	send(c, a.Status, mediaJSON, a.Body)
}

func versionTag(version int64) string {
	return `"` + strconv.FormatInt(version, 10) + `"`
}
