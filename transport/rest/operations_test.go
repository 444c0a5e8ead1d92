package rest

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

const (
	mocBody  = `{"title":"Barn","theme":"Farm","buildStatus":"BUILT","coverImageUrl":"https://example.org/b.jpg","parts":{"total":10,"owned":5,"ordered":2}}`
	setBody  = `{"setNumber":"10497-1","name":"Galaxy Explorer","theme":"Icons","quantity":2}`
	wishBody = `{"kind":"SET","title":"Millennium Falcon","reference":"75192-1","theme":"Star Wars"}`
)

// stages are servers in the states that answers can come from.
type stages struct{ whole, noDemo, broken, away *bundle }

func newStages(t *testing.T) stages {
	whole := setup(t)
	broken := testsupport.Database(t)
	for _, table := range []string{"mocs", "sets", "wishlist_items", "collector_revisions"} {
		_, err := broken.Exec(t.Context(), "DROP TABLE "+table+" CASCADE")
		require.NoError(t, err)
	}
	away, err := pgxpool.NewWithConfig(t.Context(), whole.pool.Config())
	require.NoError(t, err)
	away.Close()
	return stages{
		whole: whole, noDemo: serve(t, whole.pool, func(d *Deps) { d.Demo = nil }), broken: serve(t, broken),
		away: serve(t, away, func(d *Deps) { d.Ready = func(context.Context) error { return errors.New("no database") } }),
	}
}

// TestOperations_EveryStatus brings about every status that the contract documents, of every operation: it promises
// none that never comes.
func TestOperations_EveryStatus(t *testing.T) {
	t.Parallel()
	s := newStages(t)
	doc := spec(t)
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			for status := range operation.Responses.Map() {
				t.Run(operation.OperationID+"/"+status, func(t *testing.T) {
					t.Parallel()
					code, err := strconv.Atoi(status)
					require.NoError(t, err)
					e := example{stages: s, path: path, method: method, operation: operation}
					e.bring(t, code).requireStatus(t, code)
				})
			}
		}
	}
}

// example is one operation, to be brought to a status.
type example struct {
	stages
	path, method string
	operation    *openapi3.Operation
}

func (e example) bring(t *testing.T, status int) *answer {
	switch status {
	case 200, 201, 204:
		return e.whole.send(t, e.good(t))
	case 304:
		q := e.good(t)
		q.header = header("If-None-Match", e.whole.send(t, q).Header.Get("ETag"))
		return e.whole.send(t, q)
	case 401:
		return e.whole.send(t, e.with(t, func(q *request) { q.as = "" }))
	case 403:
		return e.forbidden(t)
	case 404:
		return e.missing(t)
	case 409:
		return e.conflict(t)
	case 412:
		return e.whole.send(t, e.with(t, func(q *request) { q.header = header("If-Match", `"99"`) }))
	case 413:
		return e.whole.send(t, e.with(t, func(q *request) { q.body += strings.Repeat(" ", 64<<10) }))
	case 415:
		return e.whole.send(t, e.with(t, func(q *request) { q.header = header("Content-Type", "text/plain") }))
	case 400:
		return e.whole.send(t, e.with(t, func(q *request) {
			q.header = header("If-Match", "no tag", "Idempotency-Key", "ключ")
			q.path += "?limit=0"
		}))
	case 500:
		return e.broken.send(t, e.with(t, func(*request) {}))
	case 503:
		return e.away.send(t, e.with(t, func(*request) {}))
	default:
		require.Fail(t, "no way to bring about", "status %d", status)
		return nil
	}
}

// good is a request that is answered with success, of a collector of its own.
func (e example) good(t *testing.T) request {
	q := request{method: e.method, as: "collector " + uuid.NewString()}
	if e.operation.Security != nil && len(*e.operation.Security) == 0 {
		q.as = ""
	}
	path := strings.NewReplacer("{userId}", strings.ReplaceAll(q.as, " ", "%20"))
	collection, one := strings.CutSuffix(strings.TrimSuffix(e.path, "/parts"), "/{id}")
	if one {
		location := e.whole.post(t, q.as, collection, bodies()[collection]).requireStatus(t, 201).Header.Get("Location")
		path = strings.NewReplacer(collection+"/{id}", location)
	}
	q.path = path.Replace(e.path)
	if e.operation.RequestBody != nil {
		q.body = bodies()[e.method+" "+strings.ReplaceAll(e.path, "/{id}", "")]
		if e.method == http.MethodPost {
			q.body = bodies()[e.path]
		}
	}
	return q
}

func bodies() map[string]string {
	return map[string]string{
		"/api/mocs": mocBody, "/api/sets": setBody, "/api/wishlist": wishBody,
		"PATCH /api/mocs": `{"title":"Stable"}`, "PATCH /api/sets": `{"quantity":3}`,
		"PUT /api/mocs/parts": `{"total":10,"owned":6,"ordered":2}`,
	}
}

func (e example) with(t *testing.T, change func(*request)) request {
	q := e.good(t)
	change(&q)
	return q
}

func (e example) forbidden(t *testing.T) *answer {
	return e.whole.send(t, e.with(t, func(q *request) {
		if e.method == http.MethodGet {
			q.as = "somebody else"
			return
		}
		q.header = header("Origin", "https://evil.example")
		if q.as != "" {
			q.header.Set("Cookie", "brickboard_token="+e.whole.token(t, q.as))
			q.as = ""
		}
	}))
}

func (e example) missing(t *testing.T) *answer {
	q := e.good(t)
	switch e.operation.OperationID {
	case "startDemoSession":
		return e.noDemo.send(t, q)
	case "getUserDashboard":
		q.path = "/api/users/%00/dashboard"
		q.header = header("Authorization", "Bearer "+e.whole.token(t, q.as, "dashboard:read:any"))
		q.as = ""
	default:
		q.as = "somebody else"
	}
	return e.whole.send(t, q)
}

func (e example) conflict(t *testing.T) *answer {
	q := e.good(t)
	q.header = header("Idempotency-Key", "a key")
	e.whole.send(t, q).requireStatus(t, 201)
	q.body = " " + q.body
	return e.whole.send(t, q)
}
