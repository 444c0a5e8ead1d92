package messaging

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// BenchmarkSubscription_Run drains 200,000 events of 500 bytes with a handler that does nothing.
func BenchmarkSubscription_Run(b *testing.B) {
	const events = 200_000
	for b.Loop() {
		b.StopTimer()
		db := testsupport.Database(b)
		for _, topic := range Topics() {
			_, err := db.Exec(b.Context(), `INSERT INTO `+messagesTable(topic)+` (uuid, payload, metadata, transaction_id)
				SELECT gen_random_uuid(), convert_to(repeat('x', 500), 'UTF8'), json_build_object('event_id', gen_random_uuid(), 'type', 'moc.added.v1',
					'user_id', 'somebody', 'aggregate_id', gen_random_uuid(), 'version', '1'), pg_current_xact_id()
				FROM generate_series(1, $1)`, events/len(Topics()))
			require.NoError(b, err)
		}
		var left atomic.Int64
		left.Store(events)
		drained := make(chan struct{})
		b.StartTimer()
		startServer(b, db, testConfig(), func(_ context.Context, _ string, records []Record) error {
			if left.Add(-int64(len(records))) == 0 {
				close(drained)
			}
			return nil
		})
		<-drained
	}
	b.ReportMetric(float64(events*b.N)/b.Elapsed().Seconds(), "events/s")
}
