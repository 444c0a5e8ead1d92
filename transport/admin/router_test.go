package admin

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
)

func ask(t *testing.T, path string, ready, blocked error) (status int, text string) {
	t.Helper()
	registry := prometheus.NewRegistry()
	lag := prometheus.NewGauge(prometheus.GaugeOpts{Name: "projection_lag_events", Help: "for the test"})
	registry.MustRegister(lag)
	w := httptest.NewRecorder()
	health := Health{Ready: func(context.Context) error { return ready }, Blocked: func() error { return blocked }}
	NewRouter(registry, health).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	body, err := io.ReadAll(w.Result().Body)
	require.NoError(t, err)
	return w.Result().StatusCode, string(body)
}

func TestRouter_ReadyTellsTheCause(t *testing.T) {
	t.Parallel()
	status, _ := ask(t, "/readyz", nil, nil)
	require.Equal(t, http.StatusOK, status)
	blocked := errors.New(`projections: waits for a lock of process 7 (application "long report")`)
	status, text := ask(t, "/readyz", blocked, blocked)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, text, blocked.Error())
	status, _ = ask(t, "/livez", blocked, blocked)
	require.Equal(t, http.StatusOK, status, "what is not ready is alive")
}

func TestRouter_ReadyTellsWhatStandsStillElsewhere(t *testing.T) {
	t.Parallel()
	status, text := ask(t, "/readyz", nil, errors.New("collection_0: no server is projecting it"))
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "ok\nelsewhere: projections: collection_0: no server is projecting it\n", text)
}

func TestRouter_MetricsAndProfiles(t *testing.T) {
	t.Parallel()
	status, text := ask(t, "/metrics", nil, nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, text, "\nprojection_lag_events 0\n")
	status, text = ask(t, "/debug/pprof/", nil, nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, text, "goroutine")
	status, _ = ask(t, "/api/dashboard", nil, nil)
	require.Equal(t, http.StatusNotFound, status)
}
