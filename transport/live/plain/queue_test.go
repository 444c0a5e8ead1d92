package plain

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func texts(n int) (all [][]byte) {
	for i := range n {
		all = append(all, []byte{byte('a' + i)})
	}
	return all
}

func TestSession_SendsInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	conn, h := w.open(t, w.serve(t))
	for range 5 {
		require.Eventually(t, func() bool { return h.session.Queued() == 0 }, patience, time.Millisecond)
		require.True(t, h.session.Send(texts(h.session.Capacity())...)) // which is as much as may be
		for _, text := range texts(4) {
			require.Equal(t, string(text), read(t, conn))
		}
	}
	require.True(t, h.session.Send())
	require.Empty(t, h.events)
}

// More than there is room for is not sent in part.
func TestSession_MoreThanTheCapacity(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	conn, h := w.open(t, w.serve(t))
	require.True(t, h.session.Send(texts(5)...))
	require.Equal(t, string(BufferFull), h.next(t))
	_, _, err := conn.ReadMessage()
	require.Error(t, err)
	require.False(t, h.session.Send(texts(1)...))
}

// A client that does not read costs its own session: nothing that sends waits for it, and at its bound it is cut off.
func TestSession_ClientDoesNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	server := w.serve(t)
	_, slow := w.open(t, server)
	conn, other := w.open(t, server)
	began, sent := time.Now(), 0
	for ; slow.session.Send(big()); sent++ {
		require.LessOrEqual(t, slow.session.Queued(), slow.session.Capacity())
		require.Less(t, sent, 100)
	}
	require.Less(t, time.Since(began), time.Minute/2, "the write that is stuck may take a minute")
	require.Equal(t, string(BufferFull), slow.next(t))
	other.session.Send([]byte("unharmed"))
	require.Equal(t, "unharmed", read(t, conn))
	require.Eventually(t, func() bool { return w.melody.Len() == 1 }, patience, time.Millisecond)
}

// What melody's own queue does not hold is refused by its error handler, where its Close would never end.
func TestSession_FullQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	_, h := w.open(t, w.serve(t))
	for range 100 {
		_ = h.session.melody.Write(big())
	}
	require.Equal(t, string(TransportError), h.next(t))
}

func TestSession_WhenDrained(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	conn, h := w.open(t, w.serve(t))
	s := h.session
	never := func() { panic("this is not drained") }
	require.False(t, s.WhenDrained(never), "nothing is unsent")

	require.True(t, s.Send(big(), big(), big()))
	drained := make(chan int, 1)
	require.True(t, s.WhenDrained(func() { drained <- s.Queued() }))
	require.Empty(t, drained)
	for range 3 {
		read(t, conn)
	}
	select {
	case queued := <-drained:
		require.Zero(t, queued)
	case <-time.After(patience):
		require.FailNow(t, "not told")
	}
	require.True(t, s.Send([]byte("small"))) // it was told once
	require.Equal(t, "small", read(t, conn))
	require.Empty(t, drained)

	require.True(t, s.Send(big(), big()))
	require.True(t, s.WhenDrained(never))
	s.Close("done", 4401)
	require.False(t, s.WhenDrained(never))
	require.Equal(t, 4401, closeCode(t, conn)) // which reads all that is before
}

// A frame that is not taken in time, or a client that is cut off meanwhile, ends the session; over TLS too, where
// closing writes.
func TestSession_StuckWrite(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]func(*world) *httptest.Server{
		"TCP": func(w *world) *httptest.Server { return httptest.NewServer(w) },
		"TLS": func(w *world) *httptest.Server { return httptest.NewTLSServer(w) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Run("InTime", func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, func(c *Config) { c.WriteWait = 200 * time.Millisecond }, nil)
				server := serve(w)
				t.Cleanup(server.Close)
				_, h := w.open(t, server)
				h.session.Send(big(), big())
				require.Equal(t, string(WriteTimeout), h.next(t))
			})
			t.Run("Cut", func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, nil, nil)
				server := serve(w)
				t.Cleanup(server.Close)
				_, h := w.open(t, server)
				h.session.Send(big(), big())
				began := time.Now()
				h.session.Cut("slow")
				require.Equal(t, "slow", h.next(t))
				require.Less(t, time.Since(began), time.Minute/2)
			})
		})
	}
}
