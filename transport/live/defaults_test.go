package live

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
)

// What clients see of a hub of which nothing was configured.
func TestHub_Defaults(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t, func(c *Config, _ *Deps) { *c = Config{} })

	t.Run("OpenPacket", func(t *testing.T) {
		t.Parallel()
		response, err := http.Get(s.URL + SocketIOPath + "?EIO=4&transport=polling")
		require.NoError(t, err)
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		packet := regexp.MustCompile(`"sid":"[A-Z2-7]{26}"`).ReplaceAllString(string(body), `"sid":"…"`)
		require.Equal(t, `0{"sid":"…","upgrades":["websocket"],"pingInterval":15000,"pingTimeout":10000,"maxPayload":65536}`, packet)
	})
	t.Run("TwentySessionsOfACollector", func(t *testing.T) {
		t.Parallel()
		token := h.token(t, "ada")
		for range 20 {
			mustDialPlain(t, s, token, "")
		}
		require.Eventually(t, func() bool { return s.metric(t, "live_sessions") == 20 }, patience, tick)
		require.Equal(t, closeTooManySessions, mustDialPlain(t, s, token, "").awaitClose(t))
	})
}

// comparisons is told of each.
type comparisons struct {
	Dashboards
	times chan time.Time
}

func (c comparisons) States(context.Context, []domain.CollectorID) (map[domain.CollectorID]readmodel.State, error) {
	c.times <- time.Now()
	return nil, nil
}

func TestHub_ComparesEveryTenSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		compared := comparisons{times: make(chan time.Time)}
		hub := NewHub(Config{}, Deps{Dashboards: compared, Metrics: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler)})
		_, err := hub.enter("ada")
		require.NoError(t, err)
		began := time.Now()
		go func() { _ = hub.Run(t.Context()) }()
		for n := range 3 {
			require.Equal(t, time.Duration(n+1)*10*time.Second, (<-compared.times).Sub(began))
		}
	})
}

// emptyDashboards never change.
type emptyDashboards struct{ Dashboards }

func (emptyDashboards) State(context.Context, domain.CollectorID) (readmodel.State, error) {
	return readmodel.State{Epoch: "epoch-of-the-test-0001"}, nil
}

func (emptyDashboards) Changes(_ context.Context, _ domain.CollectorID, since readmodel.Told, _ readmodel.Audience) (*readmodel.Changes, error) {
	return &readmodel.Changes{State: readmodel.State{Epoch: since.Epoch}, Before: since}, nil
}

// inMemory is a listener of connections that tests hand in.
type inMemory chan net.Conn

func (l inMemory) Accept() (net.Conn, error) {
	if conn, ok := <-l; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}

func (inMemory) Addr() net.Addr { return &net.TCPAddr{} }
func (l inMemory) Close() error { close(l); return nil }

func TestHub_PingsPlainClientsEvery15SecondsForTen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		verifier, err := auth.NewVerifier(t.Context(), auth.Config{Secret: []byte(secret), Now: time.Now}, log)
		require.NoError(t, err)
		token, _, err := auth.NewSigner([]byte(secret), "", "", time.Now).Sign("ada", nil, time.Hour)
		require.NoError(t, err)
		hub := NewHub(Config{}, Deps{
			Dashboards: emptyDashboards{}, Verifier: verifier, Origins: &auth.Origins{}, Metrics: prometheus.NewRegistry(), Log: log, Now: time.Now,
		})
		listener := make(inMemory, 1)
		server := &http.Server{Handler: hub}
		go func() { _ = server.Serve(listener) }()
		defer server.Close()
		here, there := net.Pipe()
		listener <- there
		dialer := websocket.Dialer{NetDial: func(string, string) (net.Conn, error) { return here, nil }}
		conn, _, err := dialer.Dial("ws://in-memory"+PlainPath, http.Header{"Authorization": {"Bearer " + token}})
		require.NoError(t, err)
		defer conn.Close()

		began, pong := time.Now(), conn.PingHandler()
		var pings []time.Duration
		conn.SetPingHandler(func(text string) error {
			if pings = append(pings, time.Since(began)); len(pings) == 3 {
				return nil // is not answered
			}
			return pong(text)
		})
		_, _, err = conn.ReadMessage()
		require.Error(t, err)
		require.Equal(t, []time.Duration{15 * time.Second, 30 * time.Second, 45 * time.Second}, pings)
		require.Equal(t, 55*time.Second, time.Since(began))
	})
}
