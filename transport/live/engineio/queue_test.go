package engineio

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

func TestSession_WhenDrained(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{})
	conn, h := openWebSocket(t, network(t, srv), made)
	eventually(t, func() bool { return h.session.Queued() == 0 })
	require.False(t, h.session.WhenDrained(func() { panic("nothing was unsent") }))

	big := Binary(make([]byte, 8<<20))
	for range 3 {
		h.session.Send(big)
	}
	drained := make(chan struct{})
	require.True(t, h.session.WhenDrained(func() { close(drained) }))
	require.NotZero(t, h.session.Queued())
	for range 3 {
		read(t, conn)
	}
	within(t, drained)
	require.Zero(t, h.session.Queued())
}

func TestSession_WhenDrainedPolling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, made := listener(Config{SendBuffer: 3})
		h := openPolling(t, srv, made)
		h.session.Send(Text([]byte("a")), Text([]byte("b")))
		require.Equal(t, 2, h.session.Queued())
		drained := make(chan struct{})
		require.True(t, h.session.WhenDrained(func() { close(drained) }))
		answered(t, poll(t, srv, h.session), http.StatusOK, "4a\x1e4b")
		<-drained
		require.False(t, h.session.WhenDrained(func() {}))

		for range 3 {
			require.True(t, h.session.Send(Text(nil)))
		}
		require.Empty(t, h.ended)
		require.True(t, h.session.Send(Text(nil)))
		require.Equal(t, BufferFull, <-h.ended)
		answered(t, poll(t, srv, h.session), http.StatusBadRequest, "")
	})
}
