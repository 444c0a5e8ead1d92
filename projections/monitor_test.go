package projections

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/internal/testsupport"
)

// A subscriber at work holds its position: it is not to be ended for that.
func TestMonitor_NamesWhoHoldsAPosition(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := NewMonitor(b.pool, 0, func(string) string { return "" }, prometheus.NewRegistry(), testsupport.Logger(t))
	require.Equal(t, "no server is projecting it", m.why(t.Context(), messaging.Collection0))
	b.holdAs(t, messaging.SubscriberApplication, "SELECT FROM watermill_offsets_collection_0 FOR UPDATE")
	require.Contains(t, m.why(t.Context(), messaging.Collection0), "a server is at work on it")
	b.hold(t, "LOCK TABLE watermill_offsets_collection_0 IN SHARE MODE")
	cause := m.why(t.Context(), messaging.Collection0)
	require.Contains(t, cause, "somebody else")
	require.NotContains(t, cause, messaging.SubscriberApplication)
}
