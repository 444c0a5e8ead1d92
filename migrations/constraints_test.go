package migrations_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// good is of each table a row that it takes: columns and values, of which the cases below change some.
func good() map[string]map[string]string {
	aggregate := map[string]string{"user_id": "'ada'", "id": "gen_random_uuid()", "version": "1"}
	dated := with(aggregate, map[string]string{"created_at": "now()", "updated_at": "now()"})
	moc := map[string]string{"title": "'Keep'", "theme": "'Castle'", "build_status": "'ADDED'"}
	projected := with(aggregate, map[string]string{"deleted": "false"})
	without := func(row map[string]string, column string) map[string]string {
		row = maps.Clone(row)
		delete(row, column)
		return row
	}
	return map[string]map[string]string{
		"mocs":           with(dated, moc, map[string]string{"cover_image_url": "NULL", "parts_total": "4", "parts_owned": "2", "parts_ordered": "1"}),
		"sets":           with(dated, map[string]string{"set_number": "'1-1'", "name": "'n'", "theme": "'t'", "quantity": "1"}),
		"wishlist_items": with(dated, map[string]string{"kind": "'MOC'", "title": "'t'", "reference": "NULL", "theme": "NULL"}),
		"projected_mocs": with(projected, dated, moc, map[string]string{
			"coverage_status": "'NONE'", "coverage_percentage": "0", "recent_revision": "0", "partial_parts_revision": "0",
		}),
		"projected_sets":           with(projected, map[string]string{"theme": "'t'", "quantity": "1"}),
		"projected_wishlist_items": projected,
		"recent_mocs":              with(without(aggregate, "version"), moc, map[string]string{"created_at": "now()"}),
		"partial_parts":            with(without(aggregate, "version"), moc, map[string]string{"coverage_percentage": "50", "last_updated_at": "now()"}),
		"theme_stats":              {"user_id": "'ada'", "theme": "'t'", "moc_count": "1", "set_count": "1"},
		"dashboard_summary":        {"user_id": "'ada'", "total_mocs": "1", "mocs_built": "1", "mocs_none": "1"},
		"collector_revisions":      {"user_id": "'ada'", "revision": "2", "summary_revision": "2", "mended_revision": "1"},
		"idempotency_keys":         {"user_id": "'ada'", "key": "'k'", "fingerprint": "''", "created_at": "now()"},
		"parked_events": {
			"user_id": "'ada'", "event_id": "'e'", "topic": "'t'", "state": "'LOCKED'", "error": "''", "parked_at": "now()", "tried_at": "now()",
		},
		"epoch":             {"only_row": "true", "epoch": "gen_random_uuid()"},
		"database_identity": {"only_row": "true", "system_identifier": "1", "timeline": "'1'", "database_oid": "1"},
	}
}

func with(row map[string]string, more ...map[string]string) map[string]string {
	row = maps.Clone(row)
	for _, columns := range more {
		maps.Copy(row, columns)
	}
	return row
}

// broken is of each constraint what it refuses, beside what is good.
func broken() map[string]map[string]string {
	return map[string]map[string]string{
		"mocs_user_id_length":                  {"user_id": "''"},
		"mocs_title_length":                    {"title": "''"},
		"mocs_theme_length":                    {"theme": "repeat('é', 81)"},
		"mocs_build_status":                    {"build_status": "'added'"},
		"mocs_cover_image_url_length":          {"cover_image_url": "''"},
		"mocs_parts":                           {"parts_ordered": "3"},
		"mocs_version":                         {"version": "0"},
		"sets_user_id_length":                  {"user_id": "repeat('é', 128)"},
		"sets_set_number_length":               {"set_number": "''"},
		"sets_name_length":                     {"name": "repeat('n', 201)"},
		"sets_theme_length":                    {"theme": "''"},
		"sets_quantity":                        {"quantity": "0"},
		"sets_version":                         {"version": "0"},
		"wishlist_items_user_id_length":        {"user_id": "''"},
		"wishlist_items_kind":                  {"kind": "'moc'"},
		"wishlist_items_title_length":          {"title": "''"},
		"wishlist_items_reference_length":      {"reference": "''"},
		"wishlist_items_theme_length":          {"theme": "''"},
		"wishlist_items_version":               {"version": "0"},
		"idempotency_keys_key_length":          {"key": "''"},
		"parked_events_state":                  {"state": "'GONE'"},
		"projected_mocs_version":               {"version": "0"},
		"projected_mocs_build_status":          {"build_status": "'added'"},
		"projected_mocs_coverage_status":       {"coverage_status": "'SOME'"},
		"projected_mocs_coverage_percentage":   {"coverage_percentage": "101"},
		"projected_sets_version":               {"version": "0"},
		"projected_sets_quantity":              {"quantity": "10000"},
		"projected_wishlist_items_version":     {"version": "0"},
		"recent_mocs_build_status":             {"build_status": "''"},
		"partial_parts_build_status":           {"build_status": "''"},
		"partial_parts_coverage_percentage":    {"coverage_percentage": "-1"},
		"theme_stats_not_negative":             {"moc_count": "-1"},
		"dashboard_summary_not_negative":       {"total_wishlist_items": "-1"},
		"dashboard_summary_by_build_status":    {"mocs_built": "0"},
		"dashboard_summary_by_coverage_status": {"mocs_none": "0"},
		"collector_revisions_sections":         {"mended_revision": "3"},
		"collector_revisions_not_negative":     {"themes_revision": "-1"},
		"epoch_only_row":                       {"only_row": "false"},
		"database_identity_only_row":           {"only_row": "false"},
	}
}

// The database holds the invariants too, each by a constraint with a name: every one of them is broken here.
func TestConstraints(t *testing.T) {
	t.Parallel()
	tx := testsupport.Tx(t)
	rows, err := tx.Query(t.Context(), `SELECT conname, conrelid::regclass::text FROM pg_constraint
		WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conrelid::regclass::text !~ '^(watermill|goose)_'`)
	require.NoError(t, err)
	var constraint, table string
	tables := map[string]string{}
	_, err = pgx.ForEachRow(rows, []any{&constraint, &table}, func() error {
		tables[constraint] = table
		return nil
	})
	require.NoError(t, err)
	require.ElementsMatch(t, slices.Collect(maps.Keys(tables)), slices.Collect(maps.Keys(broken())))
	_, err = tx.Exec(t.Context(), "DELETE FROM epoch; DELETE FROM database_identity")
	require.NoError(t, err)
	for constraint, change := range broken() {
		table := tables[constraint]
		require.NoError(t, insert(t, tx, table, good()[table]), table)
		var violation *pgconn.PgError
		require.ErrorAs(t, insert(t, tx, table, with(good()[table], change)), &violation, constraint)
		require.Equal(t, constraint, violation.ConstraintName)
	}
}

// insert tries to, and leaves nothing.
func insert(t *testing.T, tx pgx.Tx, table string, row map[string]string) error {
	t.Helper()
	columns := slices.Sorted(maps.Keys(row))
	values := make([]string, len(columns))
	for i, column := range columns {
		values[i] = row[column]
	}
	tried, err := tx.Begin(t.Context())
	require.NoError(t, err)
	_, refused := tried.Exec(t.Context(), "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES ("+strings.Join(values, ", ")+")")
	require.NoError(t, tried.Rollback(t.Context()))
	return refused
}
