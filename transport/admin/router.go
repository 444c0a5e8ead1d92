// Package admin is the second listener's HTTP: metrics, health in detail and profiles. It has no authentication and
// shows causes: keep its address away from the public.
package admin

import (
	"context"
	"fmt"
	"net/http"
	"net/http/pprof"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Health is what /readyz tells.
type Health struct {
	Ready   func(context.Context) error // why requests cannot be answered with what is true; nil when they can
	Blocked func() error                // what of the projections stands still, also where that is for others to mend
}

// NewRouter serves /metrics from gatherer, /livez, /readyz and /debug/pprof.
func NewRouter(gatherer prometheus.Gatherer, health Health) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(gatherer, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", health.readyz)
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}

func (h Health) readyz(w http.ResponseWriter, r *http.Request) {
	if err := h.Ready(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
	if err := h.Blocked(); err != nil {
		fmt.Fprintln(w, "elsewhere: projections:", err)
	}
}
