package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/internal/testsupport"
)

// scraped is what /metrics says, by sample, such as `projection_lag_events{topic="collection_0"}`.
type scraped map[string]float64

func (p *process) scrape(t *testing.T) scraped {
	t.Helper()
	a := client{t: t, base: "http://" + p.admin}.send("GET", "/metrics", nil)
	require.Equal(t, http.StatusOK, a.status)
	samples := scraped{}
	for line := range strings.Lines(string(a.body)) {
		if sample, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok && sample != "#" {
			number, err := strconv.ParseFloat(value, 64)
			require.NoError(t, err, line)
			samples[sample] = number
		}
	}
	return samples
}

// of is a projection's sample of a topic.
func (s scraped) of(name, topic string) float64 {
	return s[fmt.Sprintf("projection_%s{topic=%q}", name, topic)]
}

// events are those of a topic that became that.
func (s scraped) events(result, topic string) float64 {
	return s[fmt.Sprintf("projection_events_total{result=%q,topic=%q}", result, topic)]
}

// eventuallyScrapes waits for the metrics to be as check wants them.
func (p *process) eventuallyScrapes(t *testing.T, check func(s scraped) bool) (s scraped) {
	t.Helper()
	require.Eventually(t, func() bool {
		s = p.scrape(t)
		return check(s)
	}, patience, 50*time.Millisecond)
	return s
}

// How far the read model is behind, and what became of the events, is measured: of those that are not read, that wait
// for a lock, and that are dead.
func TestMetrics_OfProjections(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	p := startServer(t, "--database-url", url)
	conn, foreign := connect(t, url), connect(t, url)
	ada, bob := p.as(t, "ada"), p.as(t, "bob")
	topic, bobs := messaging.TopicFor("ada"), messaging.TopicFor("bob")
	lag := func(s scraped) [3]float64 {
		return [3]float64{s.of("lag_events", topic), s.of("lag_seconds", topic), s.of("oldest_event_age_seconds", topic)}
	}

	execute(t, conn, "ALTER TABLE theme_stats RENAME TO hidden")
	began := time.Now()
	for range 3 {
		ada.addMOC(t, "Keep")
	}
	s := p.eventuallyScrapes(t, func(s scraped) bool {
		return s.of("lag_events", topic) == 3 && s.of("oldest_event_age_seconds", topic) > 0
	})
	first := s.of("lag_seconds", topic)
	s = p.eventuallyScrapes(t, func(s scraped) bool {
		return s.of("lag_seconds", topic) > first+1 && s.of("oldest_event_age_seconds", topic) >= s.of("lag_seconds", topic)
	})
	require.LessOrEqual(t, s.of("oldest_event_age_seconds", topic), time.Since(began).Seconds())
	require.Positive(t, s.events("failed", topic))
	require.Zero(t, s.events("applied", topic))
	execute(t, conn, "ALTER TABLE hidden RENAME TO theme_stats")
	s = p.eventuallyScrapes(t, func(s scraped) bool { return lag(s) == [3]float64{} })
	require.EqualValues(t, 3, s.events("applied", topic))

	execute(t, conn, "ALTER TABLE theme_stats ADD CONSTRAINT picky CHECK (theme <> 'Space')")
	execute(t, foreign, "BEGIN; SELECT FROM collector_revisions WHERE user_id = 'ada' FOR UPDATE")
	for range 2 {
		ada.addMOC(t, "Tower")
	}
	bob.add(t, "sets", aSet)
	s = p.eventuallyScrapes(t, func(s scraped) bool {
		return s["projection_waiting_events"] == 2 && s["projection_dead_letters"] == 1 && s.of("lag_seconds", topic) == 0
	})
	require.EqualValues(t, 2, s.of("lag_events", topic))
	require.Positive(t, s.of("oldest_event_age_seconds", topic), "read, and not projected")
	require.EqualValues(t, 2, s.events("waiting", topic))
	require.EqualValues(t, 1, s.events("dead", bobs))

	execute(t, foreign, "ROLLBACK")
	execute(t, conn, "ALTER TABLE theme_stats DROP CONSTRAINT picky")
	tool(t, url, 0, "dead-letters", "retry", "--all")
	s = p.eventuallyScrapes(t, func(s scraped) bool {
		return s["projection_waiting_events"] == 0 && s["projection_dead_letters"] == 0 && lag(s) == [3]float64{}
	})
	require.EqualValues(t, 5, s.events("applied", topic))
	require.Zero(t, s.events("already", topic))
}
