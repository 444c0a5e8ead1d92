package live

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/brickboard/brickboard/readmodel"
)

type protocol string

const (
	socketIO protocol = "socketio"
	plainWS  protocol = "websocket"
)

// metrics are those of one Hub. Every label has few values.
type metrics struct {
	sessions    *prometheus.GaugeVec
	connects    *prometheus.CounterVec
	disconnects *prometheus.CounterVec
	unconnected *prometheus.CounterVec
	refusals    *prometheus.CounterVec
	auth        *prometheus.CounterVec
	sent        *prometheus.CounterVec
	dropped     *prometheus.CounterVec
	bytes       *prometheus.CounterVec
	behind      prometheus.Counter
	inbound     *prometheus.CounterVec
	latency     prometheus.Histogram
	failures    *prometheus.CounterVec
}

func newMetrics(registry prometheus.Registerer) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &metrics{
		sessions:    prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "live_sessions", Help: "Sessions that are open."}, []string{"protocol"}),
		connects:    counter("live_connects_total", "Sessions that were opened.", "protocol", "recovered"),
		disconnects: counter("live_disconnects_total", "Sessions that ended.", "protocol", "reason"),
		unconnected: counter("live_unconnected_total", "Socket.IO transports that ended without a session.", "reason"),
		refusals:    counter("live_refusals_total", "Connections that were refused.", "protocol", "cause"),
		auth:        counter("live_auth_failures_total", "Connections without a good token.", "protocol", "reason"),
		sent:        counter("live_envelopes_sent_total", "Envelopes that were put into sessions' queues.", "type"),
		dropped:     counter("live_envelopes_dropped_total", "Envelopes that a session did not get because it was behind or gone.", "type"),
		bytes:       counter("live_sent_bytes_total", "Bytes of the envelopes that were sent.", "protocol"),
		behind:      prometheus.NewCounter(prometheus.CounterOpts{Name: "live_fell_behind_total", Help: "How often a session fell behind."}),
		inbound:     counter("live_inbound_messages_total", "Messages of clients, which have no meaning.", "protocol"),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "live_commit_to_socket_seconds",
			Help:    "From the commit of a projection, by the clock of its server, to the sessions' queues.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}),
		failures: counter("live_read_failures_total", "Readings of the database that failed and were tried again.", "of"),
	}
	registry.MustRegister(m.sessions, m.connects, m.disconnects, m.unconnected, m.refusals, m.auth, m.sent, m.dropped, m.bytes, m.behind,
		m.inbound, m.latency, m.failures)
	return m
}

func (m *metrics) told(p protocol, envelopes []*readmodel.Envelope, bytes int) {
	for _, e := range envelopes {
		m.sent.WithLabelValues(string(e.Type)).Inc()
	}
	m.bytes.WithLabelValues(string(p)).Add(float64(bytes))
}

func (m *metrics) lost(envelopes []*readmodel.Envelope) {
	for _, e := range envelopes {
		m.dropped.WithLabelValues(string(e.Type)).Inc()
	}
}
