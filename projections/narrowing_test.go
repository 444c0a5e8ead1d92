package projections

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
)

// addedFor is a record for each of so many collectors, c0000 and so on, each adding a MOC.
func addedFor(t *testing.T, collectors int) []messaging.Record {
	t.Helper()
	records := make([]messaging.Record, collectors)
	for i := range records {
		event := domain.Event{ID: uuid.New(), Type: domain.MOCAdded, MOC: &domain.MOC{
			ID: uuid.New(), Collector: domain.CollectorID(fmt.Sprintf("c%04d", i)), Version: 1, Title: "Keep", Theme: "Castle",
			BuildStatus: domain.Added, CreatedAt: time.UnixMilli(int64(i)), UpdatedAt: time.UnixMilli(int64(i)),
		}}
		metadata, payload, err := event.Encode()
		require.NoError(t, err)
		encoded, err := json.Marshal(metadata)
		require.NoError(t, err)
		records[i] = messaging.Record{UUID: event.ID.String(), Metadata: encoded, Payload: payload}
	}
	return records
}

// The others of a batch do not pay for a lock with a transaction each.
func TestEngine_Project_LockedCollectorsAmongThousands(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const collectors = 2000
	b.project(t, addedFor(t, collectors)...)
	b.hold(t, "UPDATE theme_stats SET moc_count = moc_count WHERE user_id IN ('c1234', 'c1999')")
	before := b.bus.made()
	b.project(t, addedFor(t, collectors)...)
	require.Equal(t, []string{"(c1234,BLOCKED)", "(c1999,BLOCKED)"}, b.parked(t))
	require.Equal(t, []string{"(1,2)", "(2,1998)"}, b.dump(t, "SELECT revision, count(*) FROM collector_revisions GROUP BY 1"))
	require.LessOrEqual(t, b.bus.made()-before, 2*11, "a path of halves for each")
}

// A delivery that its deadline cut short goes on at the next one where it was.
func TestEngine_Project_LeavesOutWhatAnEarlierDeliveryParked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	records := addedFor(t, 64)
	for _, i := range []int{7, 30, 31} {
		records[i].Payload = []byte(`{"title":"\u0000","theme":"T","buildStatus":"ADDED","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}`)
	}
	b.project(t, records...)
	require.Equal(t, []string{"(c0007,REFUSED)", "(c0030,REFUSED)", "(c0031,REFUSED)"}, b.parked(t))
	require.Equal(t, []string{"(61)"}, b.dump(t, "SELECT count(*) FROM dashboard_summary"))
	before := b.bus.made()
	b.project(t, records...)
	require.Equal(t, 1, b.bus.made()-before, "the others are one batch now")
	require.Len(t, b.parked(t), 3)
}

func TestEngine_Project_BuriesWhatItCannotReadInOneStatement(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, `CREATE TABLE statements ();
		CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO statements DEFAULT VALUES; RETURN NULL; END';
		CREATE TRIGGER counted AFTER INSERT ON parked_events FOR EACH STATEMENT EXECUTE FUNCTION count_statement()`)
	records := addedFor(t, 50)
	for i := range records {
		records[i].Payload = nil
	}
	b.project(t, append(records, records[0])...)
	require.Len(t, b.parked(t), len(records))
	require.Equal(t, []string{"(1)"}, b.dump(t, "SELECT count(*) FROM statements"))
	require.Equal(t, []string{"(50)"}, b.dump(t, "SELECT count(*) FROM parked_events WHERE aggregate_id IS NOT NULL AND version = 1 AND payload IS NULL"))
}
