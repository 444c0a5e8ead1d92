package rest

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const countMOCs = "SELECT count(*) FROM mocs WHERE user_id = $1"

func TestIdempotency_SameAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for path, body := range map[string]string{"/api/mocs": mocBody, "/api/sets": setBody, "/api/wishlist": wishBody} {
		first := b.post(t, "alice", path, body, "Idempotency-Key", "key of "+path).requireStatus(t, 201)
		again := b.post(t, "alice", path, body, "Idempotency-Key", "key of "+path).requireStatus(t, 201)
		require.Equal(t, first.Body, again.Body)
		for _, name := range []string{"Location", "ETag", "Content-Type", "Content-Length"} {
			require.Equal(t, first.Header.Get(name), again.Header.Get(name))
		}
		without := b.post(t, "alice", path, body).requireStatus(t, 201)
		require.NotEqual(t, first.Header.Get("Location"), without.Header.Get("Location"))
	}
	for _, table := range []string{"mocs", "sets", "wishlist_items"} {
		require.Equal(t, 2, b.count(t, "SELECT count(*) FROM "+table), "once by the key, once without")
	}
}

func TestIdempotency_AnswerOfThen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.post(t, "alice", "/api/mocs", mocBody, "Idempotency-Key", "k").requireStatus(t, 201)
	b.send(t, request{method: "DELETE", path: first.Header.Get("Location"), as: "alice"}).requireStatus(t, 204)
	require.Equal(t, first.Body, b.post(t, "alice", "/api/mocs", mocBody, "Idempotency-Key", "k").requireStatus(t, 201).Body)
	b.get(t, "alice", first.Header.Get("Location")).requireStatus(t, 404)
}

func TestIdempotency_BoundToTheRequest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.post(t, "alice", "/api/mocs", mocBody, "Idempotency-Key", "k").requireStatus(t, 201)
	b.post(t, "alice", "/api/mocs", mocBody+" ", "Idempotency-Key", "k").requireStatus(t, 409)
	b.post(t, "alice", "/api/sets", setBody, "Idempotency-Key", "k").requireStatus(t, 409)
	b.post(t, "alice", "/api/mocs", mocBody, "Idempotency-Key", "K").requireStatus(t, 201)
	b.post(t, "bob", "/api/mocs", `{"title":"a","theme":"b"}`, "Idempotency-Key", "k").requireStatus(t, 201)
	require.Equal(t, 2, b.count(t, countMOCs, "alice"))
	require.Equal(t, 1, b.count(t, countMOCs, "bob"))
}

func TestIdempotency_ErrorsAreNotKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.post(t, "alice", "/api/mocs", `{"title":"","theme":"b"}`, "Idempotency-Key", "k").requireStatus(t, 400)
	b.exec(t, "ALTER TABLE mocs RENAME TO mocs_gone")
	b.post(t, "alice", "/api/mocs", mocBody, "Idempotency-Key", "k").requireStatus(t, 500)
	b.exec(t, "ALTER TABLE mocs_gone RENAME TO mocs")
	b.post(t, "alice", "/api/mocs", mocBody, "Idempotency-Key", "k").requireStatus(t, 201)
	require.Equal(t, 1, b.count(t, countMOCs, "alice"))
}

func TestIdempotency_SecondWaitsForTheFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	blocker, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = blocker.Exec(t.Context(), "LOCK TABLE mocs IN SHARE MODE")
	require.NoError(t, err)
	var answers [2]*answer
	var both sync.WaitGroup
	for i := range answers {
		both.Go(func() { answers[i] = b.post(t, "alice", "/api/mocs", mocBody, "Idempotency-Key", "k") })
	}
	b.waitForLocks(t, 2) // the first for the table, the second for the first
	require.NoError(t, blocker.Rollback(t.Context()))
	both.Wait()
	first, second := answers[0], answers[1]
	require.Equal(t, first.requireStatus(t, 201).Body, second.requireStatus(t, 201).Body)
	require.Equal(t, first.Header.Get("Location"), second.Header.Get("Location"))
	require.Equal(t, 1, b.count(t, countMOCs, "alice"))
}

func TestIdempotency_Keys(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for key, status := range map[string]int{
		"~": 201, "a b": 201, strings.Repeat("k", 255): 201,
		"": 400, strings.Repeat("k", 256): 400, "é": 400, "a\tb": 400,
	} {
		a := b.post(t, "alice", "/api/mocs", mocBody, "Idempotency-Key", key)
		require.Equal(t, status, a.Status, "%q", key)
	}
	twice := http.Header{"Idempotency-Key": {"a", "b"}}
	b.send(t, request{method: "POST", path: "/api/mocs", as: "alice", body: mocBody, header: twice}).requireStatus(t, 400)
}
