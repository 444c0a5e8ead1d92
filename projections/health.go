package projections

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

var (
	lagSecondsMetric = prometheus.NewDesc("projection_lag_seconds",
		"How long the oldest event that was not read yet has been there; 0 without one.", []string{"topic"}, nil)
	lagEventsMetric = prometheus.NewDesc("projection_lag_events",
		"Events that are not projected yet: not read, or waiting for a lock.", []string{"topic"}, nil)
	oldestMetric = prometheus.NewDesc("projection_oldest_event_age_seconds",
		"Age of the oldest event that is not projected yet, read or not; 0 without one.", []string{"topic"}, nil)
	deadMetric = prometheus.NewDesc("projection_dead_letters",
		"Events that could not be projected and did not heal.", nil, nil)
	waitingMetric = prometheus.NewDesc("projection_waiting_events",
		"Events that wait for a lock.", nil, nil)
)

// healthMetrics say how far the read model was behind when it was last looked at: all samples of a scrape are of one
// look, and there are none before the first.
type healthMetrics struct{ last atomic.Pointer[Lag] }

func newHealthMetrics(r prometheus.Registerer) *healthMetrics {
	m := &healthMetrics{}
	r.MustRegister(m)
	return m
}

func (m *healthMetrics) set(l Lag) { m.last.Store(&l) }

// Describe implements prometheus.Collector.
func (m *healthMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{lagSecondsMetric, lagEventsMetric, oldestMetric, deadMetric, waitingMetric} {
		to <- desc
	}
}

// Collect implements prometheus.Collector.
func (m *healthMetrics) Collect(to chan<- prometheus.Metric) {
	l := m.last.Load()
	if l == nil {
		return
	}
	gauge := func(desc *prometheus.Desc, value float64, topic ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, topic...)
	}
	for topic, t := range l.Topics {
		gauge(lagSecondsMetric, t.UnreadAge.Seconds(), topic)
		gauge(lagEventsMetric, float64(t.Unread+t.Waiting), topic)
		gauge(oldestMetric, max(t.UnreadAge, t.WaitingAge).Seconds(), topic)
	}
	gauge(deadMetric, float64(l.DeadLetters))
	gauge(waitingMetric, float64(l.Waiting()))
}
