package projections

import "github.com/prometheus/client_golang/prometheus"

// healthMetrics say how far the read model is behind. The label is bounded: topics.
type healthMetrics struct {
	lagSeconds *prometheus.GaugeVec
	lagEvents  *prometheus.GaugeVec
	oldest     *prometheus.GaugeVec
	dead       prometheus.Gauge
	waiting    prometheus.Gauge
}

func newHealthMetrics(r prometheus.Registerer) *healthMetrics {
	byTopic := func(name, help string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, []string{"topic"})
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	m := &healthMetrics{
		lagSeconds: byTopic("projection_lag_seconds", "How long the oldest event that was not read yet has been there; 0 without one."),
		lagEvents:  byTopic("projection_lag_events", "Events that are not projected yet: not read, or waiting for a lock."),
		oldest:     byTopic("projection_oldest_event_age_seconds", "Age of the oldest event that is not projected yet, read or not; 0 without one."),
		dead:       gauge("projection_dead_letters", "Events that could not be projected and did not heal."),
		waiting:    gauge("projection_waiting_events", "Events that wait for a lock."),
	}
	r.MustRegister(m.lagSeconds, m.lagEvents, m.oldest, m.dead, m.waiting)
	return m
}

func (m *healthMetrics) set(l Lag) {
	for topic, t := range l.Topics {
		m.lagSeconds.WithLabelValues(topic).Set(t.UnreadAge.Seconds())
		m.lagEvents.WithLabelValues(topic).Set(float64(t.Unread + t.Waiting))
		m.oldest.WithLabelValues(topic).Set(max(t.UnreadAge, t.WaitingAge).Seconds())
	}
	m.dead.Set(float64(l.DeadLetters))
	m.waiting.Set(float64(l.Waiting()))
}
