package main

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// What happens while a transaction of the server stands at its commit. One after the other: a projection that is held
// holds its topic.
func TestService_AtTheCommit(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	p := startServer(t, "--database-url", url, "--request-timeout", "1m")
	g := newGate(t, url)
	t.Run("ACommandIsNotSeen", func(t *testing.T) { commandIsNotSeen(t, p, g) })
	t.Run("AProjectionIsNotAnnounced", func(t *testing.T) { projectionIsNotAnnounced(t, p, g) })
	t.Run("TheSameRequestWaits", func(t *testing.T) { sameRequestWaits(t, p, g) })
	t.Run("TheConnectionIsLost", func(t *testing.T) { connectionIsLost(t, p, g) })
}

// later sends a request and gives its answer when it has come.
func (c client) later(method, path string, body any, headers ...string) <-chan answer {
	answers := make(chan answer, 1)
	go func() { answers <- c.send(method, path, body, headers...) }()
	return answers
}

// A command whose row and event are written, and not committed, is nowhere to be seen, while the collector's next one
// is. Then it is.
func commandIsNotSeen(t *testing.T, p *process, g *gate) {
	ada := p.as(t, "ada")
	s := ada.plain(t, "")
	ada.add(t, "wishlist", aWish)
	s.await(t, 1)
	g.shut("mocs", "ada")
	answer := ada.later("POST", "/api/mocs", aMOC)
	g.awaitHeld(1)
	ada.add(t, "wishlist", aWish) // an event that was out would be projected before this one's, or with it
	require.Len(t, s.await(t, 2), 2)
	ada.eventually(t, func(d dashboard) bool { return d.Summary.TotalWishlistItems == 2 })
	require.Equal(t, "0/0/0 0/0/0 2 [] [] []", ada.eventually(t, func(dashboard) bool { return true }).line())
	require.Equal(t, []string{"summaryUpdated", "summaryUpdated"}, s.types())
	require.Contains(t, string(s.all()[1].Payload), `"totalMocs":0`)
	require.Zero(t, ada.count(t, "/api/mocs"))
	require.Empty(t, answer)
	g.open()
	require.Equal(t, http.StatusCreated, (<-answer).status)
	s.await(t, 6)
	require.Equal(t, []string{"summaryUpdated", "themeBreakdownUpdated", "recentMocAdded", "partialPartsUpdated"}, s.types()[2:])
	ada.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 1 })
}

// What is projected and not committed is not announced either: who read then would read the old, and be told no more.
func projectionIsNotAnnounced(t *testing.T, p *process, g *gate) {
	const announced = `SELECT count(*) FROM watermill_live WHERE convert_from(payload, 'UTF8') LIKE '%"bob"%'`
	bob := p.as(t, "bob")
	s, tag := bob.plain(t, ""), bob.tag(t)
	g.shut("collector_revisions", "bob")
	bob.add(t, "mocs", aMOC)
	g.awaitHeld(1)
	require.Zero(t, scan[int](t, g.conn, announced))
	require.Equal(t, tag, bob.tag(t))
	require.Empty(t, s.all())
	g.open()
	bob.moved(t, tag)
	s.await(t, 4)
	require.Positive(t, scan[int](t, g.conn, announced))
	page := bob.load(t)
	page.follow(t, s.all())
	require.Equal(t, bob.load(t).sections, page.sections)
}

// A request that is sent again while the first is at work waits for it, and gets its answer.
func sameRequestWaits(t *testing.T, p *process, g *gate) {
	cleo := p.as(t, "cleo")
	g.shut("mocs", "cleo")
	first := cleo.later("POST", "/api/mocs", aMOC, "Idempotency-Key", "a")
	g.awaitHeld(1)
	second := cleo.later("POST", "/api/mocs", aMOC, "Idempotency-Key", "a")
	g.awaitHeld(2)
	require.Empty(t, first)
	require.Empty(t, second)
	g.open()
	one, other := <-first, <-second
	require.Equal(t, http.StatusCreated, one.status, string(one.body))
	same(t, one, other)
	require.Equal(t, 1, cleo.count(t, "/api/mocs"))
}

// A client whose connection breaks while the command is at work does not know what became of it, and sends it again.
func connectionIsLost(t *testing.T, p *process, g *gate) {
	dave := p.as(t, "dave")
	g.shut("mocs", "dave")
	cut := dave.unheard(t, "POST", "/api/mocs", aMOC, "Idempotency-Key", "a")
	g.awaitHeld(1)
	cut()
	again := dave.later("POST", "/api/mocs", aMOC, "Idempotency-Key", "a")
	g.open()
	require.Equal(t, http.StatusCreated, (<-again).status)
	require.Equal(t, 1, dave.count(t, "/api/mocs"))
	dave.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 1 })
}

// unheard sends a request and reads nothing of the answer; cut resets the connection.
func (c client) unheard(t *testing.T, method, path, body string, headers ...string) (cut func()) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.base, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, c.request(context.Background(), method, path, body, headers...).Write(conn))
	return func() {
		require.NoError(t, conn.(*net.TCPConn).SetLinger(0))
		require.NoError(t, conn.Close())
	}
}

// same holds two answers to be one.
func same(t *testing.T, one, other answer) {
	t.Helper()
	require.Equal(t, one.status, other.status)
	require.Equal(t, string(one.body), string(other.body))
	for _, name := range []string{"Location", "ETag"} {
		require.NotEmpty(t, one.header.Get(name))
		require.Equal(t, one.header.Get(name), other.header.Get(name))
	}
}

func idempotency(t *testing.T, p *process) {
	ivy := p.as(t, "ivy")
	for _, c := range []struct{ collection, body string }{{"mocs", aMOC}, {"sets", aSet}, {"wishlist", aWish}} {
		key := []string{"Idempotency-Key", "key of " + c.collection}
		at := "/api/" + c.collection
		same(t, ivy.send("POST", at, c.body, key...), ivy.send("POST", at, c.body, key...))
		require.Equal(t, 1, ivy.count(t, at))
		require.Equal(t, http.StatusConflict, ivy.send("POST", at, c.body+" ", key...).status)
		ivy.add(t, c.collection, c.body)
		ivy.add(t, c.collection, c.body)
		require.Equal(t, 3, ivy.count(t, at), "without a key each request is another")
	}
	refused := ivy.send("POST", "/api/mocs", `{"title":""}`, "Idempotency-Key", "b")
	require.Equal(t, http.StatusBadRequest, refused.status)
	ivy.add(t, "mocs", aMOC, "Idempotency-Key", "b") // errors are not kept

	// The command is done and its answer lost: the connection breaks before anything is read.
	cut := ivy.unheard(t, "POST", "/api/mocs", aMOC, "Idempotency-Key", "c")
	require.Eventually(t, func() bool { return ivy.count(t, "/api/mocs") == 5 }, patience, 5*time.Millisecond)
	cut()
	again := ivy.send("POST", "/api/mocs", aMOC, "Idempotency-Key", "c")
	require.Equal(t, http.StatusCreated, again.status)
	require.Equal(t, 5, ivy.count(t, "/api/mocs"))
	ivy.reads(t, again.header.Get("Location"), again)
	ivy.eventually(t, func(d dashboard) bool { return strings.HasPrefix(d.line(), "5/0/0 0/5/0 3 [Castle 5 0 Space 0 3]") })
}
