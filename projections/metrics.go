package projections

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count what the engine does. The labels are bounded: topics, and the results "applied", "already", "waiting",
// "dead" and "failed".
type Metrics struct {
	events  *prometheus.CounterVec
	batches *prometheus.HistogramVec
}

// NewMetrics registers the engine's metrics.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "projection_events_total",
			Help: "Events by what became of them: applied to the read model, already covered by a newer state, parked as waiting or as dead letters; and batches that failed.",
		}, []string{"topic", "result"}),
		batches: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "projection_batch_seconds", Help: "Time from a batch's delivery to its announcement.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
		}, []string{"topic"}),
	}
	r.MustRegister(m.events, m.batches)
	return m
}

func (m *Metrics) projected(topic string, events, applied int) {
	m.events.WithLabelValues(topic, "applied").Add(float64(applied))
	m.events.WithLabelValues(topic, "already").Add(float64(events - applied))
}

func (m *Metrics) took(topic string, d time.Duration) {
	m.batches.WithLabelValues(topic).Observe(d.Seconds())
}

func (m *Metrics) parked(topic, result string, events int) {
	m.events.WithLabelValues(topic, result).Add(float64(events))
}

func (m *Metrics) failed(topic string) {
	m.events.WithLabelValues(topic, "failed").Inc()
}
