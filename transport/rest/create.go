package rest

import (
	"context"
	"crypto/sha256"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/brickboard/brickboard/domain/command"
)

// creation adds an A by a command C: with an Idempotency-Key at most once, else every time.
type creation[C, A any] struct {
	add     func(context.Context, C) (A, error)
	addOnce func(context.Context, C, command.Key, func(A) (command.Answer, error)) (command.Answer, error)
	answer  func(A) (command.Answer, error)
}

// create runs the command; body is what the request carried.
func (n creation[C, A]) create(c *gin.Context, cmd C, body []byte) error {
	answer, err := n.run(c, cmd, body)
	if err != nil {
		return err
	}
	sendCreated(c, answer)
	return nil
}

func (n creation[C, A]) run(c *gin.Context, cmd C, body []byte) (command.Answer, error) {
	ctx := c.Request.Context()
	key, given, err := idempotencyKey(c, body)
	if err != nil {
		return command.Answer{}, err
	}
	if given {
		return n.addOnce(ctx, cmd, key, n.answer)
	}
	added, err := n.add(ctx, cmd)
	if err != nil {
		return command.Answer{}, err
	}
	return n.answer(added)
}

// idempotencyKey binds the key to what makes two requests the same: method, path and the body's bytes.
func idempotencyKey(c *gin.Context, body []byte) (key command.Key, given bool, err error) {
	names := c.Request.Header.Values("Idempotency-Key")
	if len(names) == 0 {
		return command.Key{}, false, nil
	}
	if len(names) > 1 || !isKeyName(names[0]) {
		return command.Key{}, false, badRequest("Idempotency-Key must have 1 to 255 printable ASCII characters")
	}
	request := sha256.New()
	request.Write([]byte(c.Request.Method + "\n" + c.Request.URL.EscapedPath() + "\n"))
	request.Write(body)
	return command.Key{Name: names[0], Fingerprint: request.Sum(nil)}, true, nil
}

func isKeyName(name string) bool {
	return name != "" && len(name) <= 255 && !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' })
}
