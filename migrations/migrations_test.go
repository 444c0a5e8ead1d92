package migrations_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
	"github.com/brickboard/brickboard/migrations"
)

func TestMain(m *testing.M) { testsupport.Main(m) }

func TestUp_DownAndUpAgain(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	steps, err := migrations.Status(t.Context(), url)
	require.NoError(t, err)
	for range steps {
		require.NoError(t, migrations.Down(t.Context(), url))
	}
	for _, step := range status(t, url) {
		require.False(t, step.Applied, step.Name)
	}
	require.NoError(t, migrations.Up(t.Context(), url))
	for _, step := range status(t, url) {
		require.True(t, step.Applied, step.Name)
	}
	require.NoError(t, migrations.Up(t.Context(), url))
}

func status(t *testing.T, url string) []migrations.Step {
	t.Helper()
	steps, err := migrations.Status(t.Context(), url)
	require.NoError(t, err)
	require.NotEmpty(t, steps)
	return steps
}

func TestUp_RefusesANewerSchema(t *testing.T) {
	t.Parallel()
	pool := testsupport.Database(t)
	_, err := pool.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)")
	require.NoError(t, err)
	var newer *migrations.NewerSchemaError
	require.ErrorAs(t, migrations.Up(t.Context(), pool.Config().ConnString()), &newer)
	require.EqualValues(t, 9999, newer.Database)
}

// Every table of a collector's data can be distributed by the collector.
func TestTables_KeysBeginWithTheCollector(t *testing.T) {
	t.Parallel()
	rows, err := testsupport.Tx(t).Query(t.Context(), `
		SELECT c.relname, (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
			WHERE i.indrelid = c.oid AND i.indisprimary)
		FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
			AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'user_id')`)
	require.NoError(t, err)
	defer rows.Close()
	tables := 0
	for rows.Next() {
		var table string
		var first *string
		require.NoError(t, rows.Scan(&table, &first))
		require.NotNil(t, first, table)
		require.Equal(t, "user_id", *first, table)
		tables++
	}
	require.NoError(t, rows.Err())
	require.GreaterOrEqual(t, tables, 11)
}

// columns are the columns of our tables that meet a condition, as table.column.
func columns(t *testing.T, condition string) []string {
	t.Helper()
	rows, err := testsupport.Tx(t).Query(t.Context(), `
		SELECT c.relname || '.' || a.attname
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_collation l ON l.oid = a.attcollation
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
			AND c.relname !~ '^(watermill|goose)_' AND (`+condition+`)
		ORDER BY c.relname, a.attnum`)
	require.NoError(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return names
}

func TestTables_TextIsComparedByBytes(t *testing.T) {
	t.Parallel()
	const compared = "a.attname IN ('user_id', 'theme')"
	require.Greater(t, len(columns(t, compared)), 15)
	require.Empty(t, columns(t, compared+" AND (a.atttypid <> 'text'::regtype OR l.collname <> 'C')"))
}

func TestTables_TimesHaveAZone(t *testing.T) {
	t.Parallel()
	require.Greater(t, len(columns(t, "a.atttypid = 'timestamptz'::regtype")), 10)
	require.Empty(t, columns(t, "a.atttypid IN ('timestamp'::regtype, 'date'::regtype, 'time'::regtype)"))
}

func TestTables_ColumnsAreNamedAsTheFields(t *testing.T) {
	t.Parallel()
	for table, want := range map[string][]string{
		"dashboard_summary": {
			"user_id", "total_mocs", "total_wishlist_items", "mocs_added", "mocs_in_progress", "mocs_built",
			"mocs_full_inventory", "mocs_partial_ordered", "mocs_none",
		},
		"theme_stats":   {"user_id", "theme", "moc_count", "set_count"},
		"recent_mocs":   {"user_id", "id", "title", "theme", "build_status", "cover_image_url", "created_at"},
		"partial_parts": {"user_id", "id", "title", "theme", "build_status", "coverage_percentage", "last_updated_at"},
	} {
		for i := range want {
			want[i] = table + "." + want[i]
		}
		require.Equal(t, want, columns(t, "c.relname = '"+table+"'"))
	}
}
