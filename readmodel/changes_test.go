package readmodel

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/testsupport"
	"github.com/brickboard/brickboard/queries"
)

// story is a collector's projected MOCs, written as the engine leaves them.
type story struct {
	t    *testing.T
	pool *pgxpool.Pool
	r    *Reader
}

func newStory(t *testing.T) *story {
	pool := testsupport.Database(t)
	return &story{t: t, pool: pool, r: NewReader(pool, 0)}
}

func (s *story) exec(sql string, args ...any) {
	s.t.Helper()
	_, err := s.pool.Exec(s.t.Context(), sql, args...)
	require.NoError(s.t, err)
}

// revisions are those of the sections, and the last mend.
func (s *story) revisions(summary, themes, recent, partial, mended int64) {
	s.t.Helper()
	s.exec(`INSERT INTO collector_revisions VALUES ('ada', greatest($1::bigint, $2, $3, $4), $1, $2, $3, $4, $5)
		ON CONFLICT (user_id) DO UPDATE SET revision = excluded.revision, summary_revision = $1, themes_revision = $2,
		recent_revision = $3, partial_parts_revision = $4, mended_revision = $5`, summary, themes, recent, partial, mended)
}

func id(n int) uuid.UUID { return uuid.MustParse(fmt.Sprintf("00000000-0000-7000-8000-%012d", n)) }

// moc writes what is projected of a MOC; the higher n, the newer it is.
func (s *story) moc(n int, version, recent, partial int64, change string) {
	s.t.Helper()
	deleted, listed := strings.Contains(change, "deleted"), strings.Contains(change, "partial")
	coverage := map[bool]string{true: "PARTIAL_ORDERED", false: "NONE"}[listed]
	s.exec(`INSERT INTO projected_mocs (user_id, id, version, deleted, title, theme, build_status, coverage_status,
			coverage_percentage, created_at, updated_at, recent_revision, partial_parts_revision)
		VALUES ('ada', $1, $2, $3, 'Keep', 'Castle', 'ADDED', $4, 50, $5, $5, $6, $7)`,
		id(n), version, deleted, coverage, time.Unix(int64(n), 0), recent, partial)
	if listed && !deleted {
		s.exec(`INSERT INTO partial_parts SELECT user_id, id, title, theme, build_status, 50, updated_at FROM projected_mocs WHERE id = $1`, id(n))
	}
	s.exec(`DELETE FROM recent_mocs`)
	s.exec(`INSERT INTO recent_mocs SELECT user_id, id, title, theme, build_status, NULL, created_at FROM projected_mocs
		WHERE NOT deleted ORDER BY created_at DESC LIMIT 10`)
}

// told are the types of what the audience is told who knows everything up to since.
func (s *story) told(a Audience, since int64) (types []string, envelopes []*Envelope) {
	s.t.Helper()
	state, err := s.r.State(s.t.Context(), "ada")
	require.NoError(s.t, err)
	before := ToldAt(State{Epoch: state.Epoch, Revision: since})
	changes, err := s.r.Changes(s.t.Context(), "ada", before, a)
	require.NoError(s.t, err)
	require.Equal(s.t, state, changes.State)
	types = []string{}
	envelopes = changes.Tell(time.Unix(0, 0)).To(a, before)
	for _, e := range envelopes {
		types = append(types, strings.TrimPrefix(string(e.Type), "dashboard:"))
	}
	return types, envelopes
}

func (s *story) expect(a Audience, since int64, types ...string) []*Envelope {
	s.t.Helper()
	got, envelopes := s.told(a, since)
	require.Equal(s.t, append([]string{}, types...), got)
	return envelopes
}

func TestReader_Changes_OnlyChangedSections(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.expect(Following, 0)
	s.revisions(3, 5, 0, 0, 0)
	s.expect(Following, 5)
	s.expect(Following, 3, "themeBreakdownUpdated")
	envelopes := s.expect(Following|FollowingDeltas, 0, "summaryUpdated", "themeBreakdownUpdated")
	require.EqualValues(t, 3, envelopes[0].Revision) // of its section, not of the reading
	require.EqualValues(t, 5, envelopes[1].Revision)
	require.Nil(t, envelopes[0].Previous)
}

func TestReader_Changes_RecentMOCs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		write func(s *story)
		want  string
	}{
		"Added":                         {func(s *story) { s.moc(20, 1, 7, 0, "") }, "recentMocAdded"},
		"AddedLongAgo":                  {func(s *story) { s.moc(5, 1, 7, 0, "") }, "recentMocAdded"},
		"AddedAndEdited":                {func(s *story) { s.moc(20, 2, 7, 0, "") }, "recentMocsUpdated"},
		"TwoAdded":                      {func(s *story) { s.moc(20, 1, 7, 0, ""); s.moc(21, 1, 7, 0, "") }, "recentMocsUpdated"},
		"AddedAndAnotherDeleted":        {func(s *story) { s.moc(20, 1, 7, 0, ""); s.moc(21, 4, 7, 0, "deleted") }, "recentMocsUpdated"},
		"AddedAndAnotherDeletedBefore":  {func(s *story) { s.moc(20, 1, 7, 0, ""); s.moc(21, 4, 6, 0, "deleted") }, "recentMocAdded"},
		"CameAndWent":                   {func(s *story) { s.moc(20, 2, 7, 0, "deleted") }, "recentMocsUpdated"},
		"TouchedButNeverAmongTheTen":    {func(s *story) { s.moc(20, 1, 7, 0, ""); s.moc(1, 1, 7, 0, "") }, "recentMocAdded"},
		"NothingOfTheTenTouchedIsWhole": {func(s *story) { s.moc(1, 1, 7, 0, "") }, "recentMocsUpdated"},
		"AddedAcrossAMend":              {func(s *story) { s.moc(20, 1, 7, 0, ""); s.revisions(7, 7, 7, 7, 7) }, "recentMocsUpdated"},
		"AddedAfterAMend":               {func(s *story) { s.moc(20, 1, 7, 0, ""); s.revisions(6, 6, 7, 6, 6) }, "recentMocAdded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStory(t)
			for n := range 9 {
				s.moc(10+n, 1, 6, 0, "")
			}
			s.revisions(6, 6, 7, 6, 0)
			if strings.HasPrefix(name, "TouchedBut") || strings.HasPrefix(name, "NothingOf") {
				s.moc(19, 1, 6, 0, "")
			}
			c.write(s)
			_, envelopes := s.told(Following, 6)
			var types []string
			for _, e := range envelopes {
				if strings.Contains(string(e.Type), "recent") {
					types = append(types, strings.TrimPrefix(string(e.Type), "dashboard:"))
				}
			}
			require.Equal(t, []string{c.want}, types)
			whole, _ := s.told(Joining, 6)
			require.Contains(t, whole, "recentMocsUpdated")
		})
	}
}

func TestReader_Changes_PartialParts(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	for n := range 5 {
		s.moc(n, 1, 0, 6, "partial")
	}
	s.moc(10, 2, 0, 7, "partial")
	s.moc(11, 2, 0, 7, "gone")            // is not partial any more
	s.moc(12, 2, 0, 8, "partial deleted") // came and went
	s.revisions(0, 0, 0, 8, 0)

	difference := s.expect(FollowingDeltas, 6, "partialPartsChanged")[0]
	require.EqualValues(t, 6, *difference.Previous)
	require.EqualValues(t, 8, difference.Revision)
	encoded, err := json.Marshal(difference.Payload)
	require.NoError(t, err)
	require.JSONEq(t, fmt.Sprintf(`{"upserted":[{"id":%q,"title":"Keep","theme":"Castle","buildStatus":"ADDED",
		"coveragePercentage":50,"lastUpdatedAt":"1970-01-01T00:00:10.000Z"}],"removed":[%q,%q]}`, id(10), id(12), id(11)), string(encoded))

	s.expect(Following, 6, "partialPartsUpdated")
	s.expect(Joining, 6, "partialPartsUpdated")
	s.expect(Following|FollowingDeltas, 8)
	s.expect(FollowingDeltas, 5, "partialPartsUpdated") // 8 rows were touched, and the list has 6
	s.revisions(0, 0, 0, 8, 0)
	s.exec("UPDATE collector_revisions SET revision = 8, summary_revision = 8, themes_revision = 8, recent_revision = 8, mended_revision = 7")
	types, _ := s.told(FollowingDeltas, 6) // across a mend
	require.Contains(t, types, "partialPartsUpdated")
	types, _ = s.told(FollowingDeltas, 7)
	require.Contains(t, types, "partialPartsChanged")
}

func TestReader_Changes_OneReadingForSeveralAudiences(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.moc(1, 1, 0, 6, "partial")
	s.moc(2, 1, 7, 7, "partial")
	s.revisions(7, 7, 7, 7, 0)
	state, err := s.r.State(t.Context(), "ada")
	require.NoError(t, err)
	before := ToldAt(State{Epoch: state.Epoch, Revision: 6})
	changes, err := s.r.Changes(t.Context(), "ada", before, Following|FollowingDeltas)
	require.NoError(t, err)
	telling := changes.Tell(time.Now())
	whole, deltas := telling.To(Following, before), telling.To(FollowingDeltas, before)
	require.Len(t, whole, 4)
	require.Len(t, deltas, 4)
	for i := range 3 {
		require.Same(t, whole[i], deltas[i])
	}
	require.Equal(t, PartialPartsUpdated, whole[3].Type)
	require.Equal(t, PartialPartsChanged, deltas[3].Type)
	require.Equal(t, ToldAt(state), changes.Told())
	require.Empty(t, telling.To(Following, ToldAt(state)))
}

func TestReader_Changes_AnotherEpoch(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.revisions(3, 3, 3, 3, 0)
	before := ToldAt(State{Epoch: "another-epoch", Revision: 1})
	changes, err := s.r.Changes(t.Context(), "ada", before, Following)
	require.NoError(t, err)
	require.True(t, changes.Resync())
	envelopes := changes.Tell(time.Now()).To(Following, before)
	require.Len(t, envelopes, 1)
	require.Equal(t, Resync, envelopes[0].Type)
	require.Equal(t, changes.State, State{Epoch: envelopes[0].Epoch, Revision: envelopes[0].Revision})
}

func TestEnvelope_EventIDsAreTheSameForTheSame(t *testing.T) {
	t.Parallel()
	previous := int64(3)
	state := State{Epoch: "epoch", Revision: 4}
	all := map[uuid.UUID]bool{}
	for _, e := range []*Envelope{
		newEnvelope(SummaryUpdated, nil, state, nil, time.Now()),
		newEnvelope(RecentMOCAdded, nil, state, nil, time.Now()),
		newEnvelope(SummaryUpdated, nil, State{Epoch: "epoch", Revision: 5}, nil, time.Now()),
		newEnvelope(SummaryUpdated, nil, State{Epoch: "other", Revision: 4}, nil, time.Now()),
		newEnvelope(SummaryUpdated, nil, state, &previous, time.Now()),
	} {
		require.EqualValues(t, 5, e.EventID.Version())
		require.False(t, all[e.EventID])
		all[e.EventID] = true
	}
	again := newEnvelope(SummaryUpdated, "another payload", state, nil, time.Unix(0, 0))
	require.True(t, all[again.EventID])
	encoded, err := json.Marshal(again)
	require.NoError(t, err)
	require.JSONEq(t, `{"eventId":"`+again.EventID.String()+`","type":"dashboard:summaryUpdated","timestamp":"1970-01-01T00:00:00.000Z",
		"payload":"another payload","revision":4,"epoch":"epoch"}`, string(encoded))
}

func TestReader_States_OfMany(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.revisions(3, 0, 0, 0, 0)
	states, err := s.r.States(t.Context(), []domain.CollectorID{"ada", "bob"})
	require.NoError(t, err)
	for collector, revision := range map[domain.CollectorID]int64{"ada": 3, "bob": 0} {
		state, err := s.r.State(t.Context(), collector)
		require.NoError(t, err)
		require.Equal(t, state, states[collector])
		require.Equal(t, revision, state.Revision)
	}
}

// statements are those that it is given, instead of running them.
type statements struct {
	queries.DBTX
	given []*pgx.QueuedQuery
}

func (s *statements) SendBatch(_ context.Context, b *pgx.Batch) pgx.BatchResults {
	s.given = append(s.given, b.QueuedQueries...)
	return nil
}

// What was touched is found by an index: of a large collection only a few pages are read.
func TestReader_Changes_UsesIndexes(t *testing.T) {
	t.Parallel()
	const mocs, since = 20_000, 19_990
	s := newStory(t)
	s.exec(`INSERT INTO projected_mocs (user_id, id, version, deleted, title, theme, build_status, coverage_status,
			coverage_percentage, created_at, updated_at, recent_revision, partial_parts_revision)
		SELECT 'ada', gen_random_uuid(), 1, i % 9 = 0, 'Keep', 'Castle', 'ADDED', 'PARTIAL_ORDERED', 50, now(), now(), i, i FROM generate_series(1, $1) i`, mocs)
	s.exec(`INSERT INTO recent_mocs SELECT user_id, id, title, theme, build_status, NULL, created_at FROM projected_mocs
		WHERE NOT deleted ORDER BY partial_parts_revision LIMIT 10`)
	s.exec("ANALYZE projected_mocs, recent_mocs")
	q, asked := queries.New(), &statements{}
	q.PartialPartsCount(t.Context(), asked, []queries.PartialPartsCountParams{{UserID: "ada", Since: since}})
	q.PartialPartsTouched(t.Context(), asked, []queries.PartialPartsTouchedParams{{UserID: "ada", Since: since}})
	q.RecentMOCsTouched(t.Context(), asked, []queries.RecentMOCsTouchedParams{{UserID: "ada", Since: since}})
	require.Len(t, asked.given, 3)
	for _, query := range asked.given {
		var encoded []byte
		var plans []struct {
			Plan struct {
				Hit  int `json:"Shared Hit Blocks"`
				Read int `json:"Shared Read Blocks"`
			}
		}
		require.NoError(t, s.pool.QueryRow(t.Context(), "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "+query.SQL, query.Arguments...).Scan(&encoded))
		require.NoError(t, json.Unmarshal(encoded, &plans))
		require.Less(t, plans[0].Plan.Hit+plans[0].Plan.Read, 100, "%s\n%s", query.SQL, encoded)
	}
}
