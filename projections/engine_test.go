package projections

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/messaging"
)

const collectorID domain.CollectorID = "ada"

func (b bundle) addMOC(t *testing.T, draft domain.MOCDraft) domain.MOC {
	t.Helper()
	if draft.Theme == "" {
		draft.Theme = "Castle"
	}
	moc, err := b.commands.AddMOC(t.Context(), command.AddMOC{Collector: collectorID, Draft: draft})
	require.NoError(t, err)
	return moc
}

func (b bundle) countParts(t *testing.T, moc domain.MOC, parts domain.Parts) {
	t.Helper()
	_, err := b.commands.CountMOCParts(t.Context(), command.CountMOCParts{Collector: collectorID, ID: moc.ID, Parts: parts})
	require.NoError(t, err)
}

// sections are the revisions of summary, themes, recent and partial parts, with the collector's first.
func (b bundle) sections(t *testing.T) (r [5]int64) {
	t.Helper()
	err := b.pool.QueryRow(t.Context(), `SELECT revision, summary_revision, themes_revision, recent_revision, partial_parts_revision
		FROM collector_revisions WHERE user_id = $1`, collectorID).Scan(&r[0], &r[1], &r[2], &r[3], &r[4])
	require.NoError(t, err)
	return r
}

func TestEngine_Project_AgainChangesNothingButIsAnnounced(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.addMOC(t, domain.MOCDraft{Title: "Keep"})
	for range 2 {
		b.project(t, b.outbox(t)...)
		require.Equal(t, [5]int64{1, 1, 1, 1, 0}, b.sections(t))
		b.requireRecomputed(t)
	}
	require.Equal(t, []int64{1, 1}, b.bus.of(string(collectorID)))
}

// A kill between commit and announcement looks like this: the batch comes again.
func TestEngine_Project_FailedAnnouncementIsMadeUpFor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.addMOC(t, domain.MOCDraft{Title: "Keep"})
	b.bus.err = errors.New("bus is away")
	require.ErrorIs(t, b.engine.Project(t.Context(), messaging.Collection0, b.outbox(t)), b.bus.err)
	require.Equal(t, int64(1), b.sections(t)[0], "it is committed before it is announced")
	b.bus.err = nil
	b.project(t, b.outbox(t)...)
	require.Equal(t, []int64{1, 1}, b.bus.of(string(collectorID)))
}

func TestEngine_Project_TakesARevisionOnlyForASectionThatChanged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	moc := b.addMOC(t, domain.MOCDraft{Title: "Keep"})
	b.project(t, b.outbox(t)...)
	b.countParts(t, moc, domain.Parts{Total: 100})
	b.project(t, b.outbox(t)...)
	require.Equal(t, [5]int64{1, 1, 1, 1, 0}, b.sections(t), "no section shows the total of parts")
	b.countParts(t, moc, domain.Parts{Total: 100, Owned: 1})
	b.project(t, b.outbox(t)...)
	require.Equal(t, [5]int64{2, 2, 1, 1, 2}, b.sections(t))
	b.countParts(t, moc, domain.Parts{Total: 100, Owned: 2})
	b.project(t, b.outbox(t)...)
	require.Equal(t, [5]int64{3, 2, 1, 1, 3}, b.sections(t))
	b.requireRecomputed(t)
}

func TestEngine_Project_DeletionBeforeItsOlderEvents(t *testing.T) {
	t.Parallel()
	b := setup(t)
	moc := b.addMOC(t, domain.MOCDraft{Title: "Keep", Parts: domain.Parts{Total: 2, Owned: 1}})
	require.NoError(t, b.commands.DeleteMOC(t.Context(), command.DeleteMOC{Collector: collectorID, ID: moc.ID}))
	records := b.outbox(t)
	b.project(t, records[1])
	b.project(t, records[0])
	require.Equal(t, [5]int64{}, b.sections(t), "nothing was ever shown")
	b.requireRecomputed(t)
}

func TestEngine_Project_RecentTen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var mocs []domain.MOC
	for i := range 12 {
		mocs = append(mocs, b.addMOC(t, domain.MOCDraft{Title: fmt.Sprint("MOC ", i)}))
	}
	b.project(t, b.outbox(t)...)
	require.Equal(t, int64(1), b.sections(t)[3])
	title := "renamed"
	rename := func(moc domain.MOC) {
		_, err := b.commands.EditMOC(t.Context(), command.EditMOC{Collector: collectorID, ID: moc.ID, Edit: domain.MOCEdit{Title: &title}})
		require.NoError(t, err)
		b.project(t, b.outbox(t)...)
		b.requireRecomputed(t)
	}
	rename(mocs[0])
	require.Equal(t, int64(1), b.sections(t)[0], "an old MOC is not shown")
	rename(mocs[2])
	require.Equal(t, int64(2), b.sections(t)[3], "the tenth is")
	require.NoError(t, b.commands.DeleteMOC(t.Context(), command.DeleteMOC{Collector: collectorID, ID: mocs[11].ID}))
	b.project(t, b.outbox(t)...)
	require.Equal(t, int64(3), b.sections(t)[3])
	b.requireRecomputed(t) // the eleventh moved up
	var touched []int64
	err := b.pool.QueryRow(t.Context(), "SELECT array_agg(recent_revision ORDER BY created_at, id) FROM projected_mocs").Scan(&touched)
	require.NoError(t, err)
	require.Equal(t, []int64{1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 3}, touched)
}

func TestEngine_Project_FailingQueryWritesNothingAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"dashboard_summary", "theme_stats", "recent_mocs", "partial_parts"} {
		b := setup(t)
		b.addMOC(t, domain.MOCDraft{Title: "Keep", Parts: domain.Parts{Total: 2, Owned: 1}})
		b.exec(t, "ALTER TABLE "+table+" RENAME TO away")
		require.Error(t, b.engine.Project(t.Context(), messaging.Collection0, b.outbox(t)), table)
		b.exec(t, "ALTER TABLE away RENAME TO "+table)
		require.Empty(t, b.dump(t, "SELECT * FROM projected_mocs"), table)
		b.project(t, b.outbox(t)...)
		b.requireRecomputed(t)
	}
}

func (b bundle) exec(t *testing.T, sql string) {
	t.Helper()
	_, err := b.pool.Exec(context.Background(), sql)
	require.NoError(t, err)
}
