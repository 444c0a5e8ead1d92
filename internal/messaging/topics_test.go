package messaging

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTopicFor(t *testing.T) {
	t.Parallel()

	t.Run("NeverChanges", func(t *testing.T) {
		t.Parallel()
		for collector, topic := range map[string]string{"": Collection1, "a": Collection0, "demo": Collection1, "ünïcödé": Collection0} {
			require.Equal(t, topic, TopicFor(collector), collector)
		}
	})

	t.Run("SpreadsCollectors", func(t *testing.T) {
		t.Parallel()
		for _, format := range []string{"user-%d", "%d0", "%08x-0000-7000-8000-000000000000", "auth0|%d@example.org"} {
			collectors := make(map[string]int)
			for n := range 10_000 {
				collectors[TopicFor(fmt.Sprintf(format, 2*n))]++
			}
			for _, topic := range Topics() {
				require.InDelta(t, 5000, collectors[topic], 500, format)
			}
		}
	})
}
