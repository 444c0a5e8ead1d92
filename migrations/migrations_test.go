package migrations_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
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

// The database holds the invariants too, each by a constraint with a name.
func TestConstraints(t *testing.T) {
	t.Parallel()
	const moc = `INSERT INTO mocs VALUES ('ada', gen_random_uuid(), `
	for constraint, sql := range map[string]string{
		"mocs_user_id_length":                  `INSERT INTO mocs VALUES ('', gen_random_uuid(), 't', 'c', 'ADDED', NULL, 0, 0, 0, 1, now(), now())`,
		"mocs_title_length":                    moc + `'', 'c', 'ADDED', NULL, 0, 0, 0, 1, now(), now())`,
		"mocs_theme_length":                    moc + `'t', repeat('é', 81), 'ADDED', NULL, 0, 0, 0, 1, now(), now())`,
		"mocs_build_status":                    moc + `'t', 'c', 'added', NULL, 0, 0, 0, 1, now(), now())`,
		"mocs_cover_image_url_length":          moc + `'t', 'c', 'ADDED', '', 0, 0, 0, 1, now(), now())`,
		"mocs_parts":                           moc + `'t', 'c', 'ADDED', NULL, 2, 2, 1, 1, now(), now())`,
		"mocs_version":                         moc + `'t', 'c', 'ADDED', NULL, 0, 0, 0, 0, now(), now())`,
		"sets_quantity":                        `INSERT INTO sets VALUES ('ada', gen_random_uuid(), '1-1', 'n', 't', 0, 1, now(), now())`,
		"wishlist_items_kind":                  `INSERT INTO wishlist_items VALUES ('ada', gen_random_uuid(), 'moc', 't', NULL, NULL, 1, now(), now())`,
		"idempotency_keys_key_length":          `INSERT INTO idempotency_keys (user_id, key, fingerprint, created_at) VALUES ('ada', '', '', now())`,
		"collector_revisions_sections":         `INSERT INTO collector_revisions (user_id, revision) VALUES ('ada', 1)`,
		"dashboard_summary_not_negative":       `INSERT INTO dashboard_summary (user_id, total_wishlist_items) VALUES ('ada', -1)`,
		"dashboard_summary_by_build_status":    `INSERT INTO dashboard_summary (user_id, total_mocs, mocs_none) VALUES ('ada', 1, 1)`,
		"dashboard_summary_by_coverage_status": `INSERT INTO dashboard_summary (user_id, total_mocs, mocs_built) VALUES ('ada', 1, 1)`,
		"theme_stats_not_negative":             `INSERT INTO theme_stats VALUES ('ada', 't', -1, 0)`,
		"partial_parts_coverage_percentage":    `INSERT INTO partial_parts VALUES ('ada', gen_random_uuid(), 't', 'c', 'ADDED', 101, now())`,
		"epoch_only_row":                       `INSERT INTO epoch VALUES (false, gen_random_uuid())`,
	} {
		tx := testsupport.Tx(t)
		_, err := tx.Exec(t.Context(), sql)
		var violation *pgconn.PgError
		require.ErrorAs(t, err, &violation, constraint)
		require.Equal(t, constraint, violation.ConstraintName)
		require.NoError(t, tx.Rollback(t.Context()))
	}
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
