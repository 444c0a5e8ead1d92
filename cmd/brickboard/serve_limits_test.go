package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// A client has so long to send its request, however busily it sends, and so much room for headers.
func TestServe_LimitsOfARequest(t *testing.T) {
	t.Parallel()
	p := startServer(t, "--database-url", testsupport.DatabaseURL(t))
	ada := p.as(t, "ada")
	for size, status := range map[int]int{24 << 10: http.StatusOK, 64 << 10: http.StatusRequestHeaderFieldsTooLarge} {
		require.Equal(t, status, ada.send("GET", "/api/session", nil, "X-Filler", strings.Repeat("x", size)).status)
	}

	const begun = "POST /api/mocs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	slow := []*drip{
		{begun: begun + "X-Filler: ", limit: readHeaderTimeout, answer: ""},
		{begun: begun + "Authorization: Bearer " + ada.token + "\r\nContent-Length: 9999\r\n\r\n{\"title\":\"", limit: readTimeout, answer: "HTTP/1.1 400"},
	}
	for _, d := range slow {
		d.start(t, p.addr)
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	require.Eventually(t, func() bool {
		<-tick.C
		open := 0
		for _, d := range slow {
			if d.more() {
				open++
			}
		}
		return open == 0
	}, patience, time.Millisecond)
	for _, d := range slow {
		require.GreaterOrEqual(t, d.took, d.limit-100*time.Millisecond)
		require.Less(t, d.took, d.limit+5*time.Second)
		require.True(t, strings.HasPrefix(d.got, d.answer), d.got)
	}
	require.Zero(t, ada.count(t, "/api/mocs"))
}

// drip is a request that never comes to its end.
type drip struct {
	begun  string // sent at once; more follows byte by byte
	limit  time.Duration
	answer string // how it begins

	conn   net.Conn
	closed chan struct{} // by the server
	got    string
	took   time.Duration
}

func (d *drip) start(t *testing.T, addr string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	began := time.Now()
	_, err = fmt.Fprint(conn, d.begun)
	require.NoError(t, err)
	d.conn, d.closed = conn, make(chan struct{})
	go func() {
		defer close(d.closed)
		got, _ := io.ReadAll(conn) // also what came before a reset
		d.got, d.took = string(got), time.Since(began)
	}()
}

// more sends a byte, and says whether the connection is still open.
func (d *drip) more() bool {
	select {
	case <-d.closed:
		return false
	default:
		_, _ = d.conn.Write([]byte("x")) // whether it is closed is for the reader to notice
		return true
	}
}
