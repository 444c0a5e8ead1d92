package live

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/readmodel"
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
