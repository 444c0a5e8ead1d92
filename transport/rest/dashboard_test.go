package rest

import (
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
	"github.com/brickboard/brickboard/readmodel"
)

// fillDashboard writes the read model of a collector with that many MOCs in the list of partial parts.
func (b *bundle) fillDashboard(t testing.TB, collector string, revision int64, partial int) {
	t.Helper()
	b.exec(t, `INSERT INTO collector_revisions (user_id, revision, summary_revision) VALUES ($1, $2, $2)
		ON CONFLICT (user_id) DO UPDATE SET revision = $2, summary_revision = $2`, collector, revision)
	b.exec(t, `INSERT INTO dashboard_summary (user_id, total_mocs, total_wishlist_items, mocs_added, mocs_in_progress, mocs_built,
		mocs_full_inventory, mocs_partial_ordered, mocs_none) VALUES ($1, 6, 4, 1, 2, 3, 3, 2, 1) ON CONFLICT DO NOTHING`, collector)
	b.exec(t, `INSERT INTO theme_stats (user_id, theme, moc_count, set_count) VALUES ($1, 'Star Wars', 4, 0), ($1, 'Farm', 2, 11)
		ON CONFLICT DO NOTHING`, collector)
	b.exec(t, `INSERT INTO recent_mocs (user_id, id, title, theme, build_status, cover_image_url, created_at) VALUES
		($1, '019a8e5c-7b1d-7c3a-9f42-5d8e6f1a2b3c', 'Razor Crest', 'Star Wars', 'BUILT', 'https://example.org/razor-crest.jpg?a=1&b=2', '2025-11-16T18:30:05Z'),
		($1, '019a8e5c-7b1d-7c3a-9f42-5d8e6f1a2b3d', 'Barn', 'Farm', 'ADDED', NULL, '2025-11-16T18:30:05.12Z') ON CONFLICT DO NOTHING`, collector)
	for i := range partial {
		b.exec(t, `INSERT INTO partial_parts (user_id, id, title, theme, build_status, coverage_percentage, last_updated_at)
			VALUES ($1, $2, 'Razor Crest', 'Star Wars', 'IN_PROGRESS', 85, '2025-11-16T18:30:05.12Z') ON CONFLICT DO NOTHING`,
			collector, fmt.Sprintf("019a8e5c-7b1d-7c3a-9f42-%012d", i))
	}
}

func TestDashboard_Empty(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.get(t, "nobody", "/api/dashboard").requireStatus(t, 200)
	require.JSONEq(t, `{"summary": {"totalMocs": 0, "totalWishlistItems": 0,
		"mocsByBuildStatus": {"ADDED": 0, "IN_PROGRESS": 0, "BUILT": 0},
		"mocsByCoverageStatus": {"FULL_INVENTORY": 0, "PARTIAL_ORDERED": 0, "NONE": 0}},
		"themeBreakdown": [], "recentMocs": [], "partialPartsMocs": []}`, string(a.Body))
	require.Regexp(t, `^"[A-Za-z0-9_-]{16,64}\.0"$`, a.Header.Get("ETag"))
}

func TestDashboard_Compressed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fillDashboard(t, "alice", 3, 60)
	plain := b.get(t, "alice", "/api/dashboard").requireStatus(t, 200)
	require.Empty(t, plain.Header.Get("Content-Encoding"))
	for encoding, compressed := range map[string]bool{"gzip, br": true, "br, *;q=0.5": true, "gzip;q=0, *": false, "br": false} {
		a := b.get(t, "alice", "/api/dashboard", "Accept-Encoding", encoding).requireStatus(t, 200)
		require.Equal(t, compressed, a.Header.Get("Content-Encoding") == "gzip", encoding)
		require.Equal(t, compressed, a.Sent < len(plain.Body)/2, encoding)
		require.Equal(t, strconv.Itoa(a.Sent), a.Header.Get("Content-Length"))
		require.Equal(t, plain.Body, a.Body)
		require.Equal(t, plain.Header.Get("ETag"), a.Header.Get("ETag"))
	}
	b.fillDashboard(t, "bob", 3, 1)
	small := b.get(t, "bob", "/api/dashboard", "Accept-Encoding", "gzip").requireStatus(t, 200)
	require.Empty(t, small.Header.Get("Content-Encoding"), "4 KiB and less are not worth it")
}

func TestDashboard_FollowsTheRevision(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fillDashboard(t, "alice", 3, 0)
	old := b.get(t, "alice", "/api/dashboard").requireStatus(t, 200)
	b.get(t, "alice", "/api/dashboard", "If-None-Match", old.Header.Get("ETag")).requireStatus(t, 304)
	b.fillDashboard(t, "alice", 4, 1)
	fresh := b.get(t, "alice", "/api/dashboard", "If-None-Match", old.Header.Get("ETag")).requireStatus(t, 200)
	require.NotEqual(t, old.Body, fresh.Body)
	require.Equal(t, strings.Replace(old.Header.Get("ETag"), `.3"`, `.4"`, 1), fresh.Header.Get("ETag"))
	b.exec(t, "UPDATE epoch SET epoch = gen_random_uuid()")
	other := b.get(t, "alice", "/api/dashboard", "If-None-Match", fresh.Header.Get("ETag")).requireStatus(t, 200)
	require.Regexp(t, `\.4"$`, other.Header.Get("ETag"))
}

// What a caller has already costs the same however long its lists are.
func TestDashboard_NotModifiedReadsNoLists(t *testing.T) {
	t.Parallel()
	pool := testsupport.Database(t)
	b := serve(t, pool, func(d *Deps) { d.Dashboards = readmodel.NewReader(pool, 0) }) // else the cache would do
	b.fillDashboard(t, "alice", 3, 1)
	tag := b.get(t, "alice", "/api/dashboard").requireStatus(t, 200).Header.Get("ETag")
	for _, table := range []string{"dashboard_summary", "theme_stats", "recent_mocs", "partial_parts"} {
		b.exec(t, "ALTER TABLE "+table+" RENAME TO gone_"+table)
	}
	b.get(t, "alice", "/api/dashboard", "If-None-Match", tag).requireStatus(t, 304)
	b.get(t, "alice", "/api/dashboard", "If-None-Match", `"x"`).requireStatus(t, 500)
}

// sharedCache is a browser's cache at its worst: it keeps by the address alone and passes over Vary. It asks again
// before each use, as no-cache wants.
type sharedCache struct {
	mu   sync.Mutex
	tag  string
	body []byte
}

func (s *sharedCache) get(t *testing.T, b *bundle, as string) []byte {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var known []string
	if s.tag != "" {
		known = []string{"If-None-Match", s.tag}
	}
	a := b.get(t, as, "/api/dashboard", known...)
	if a.Status == http.StatusOK {
		s.tag, s.body = a.Header.Get("ETag"), a.Body
	}
	return s.body
}

func TestDashboard_TwoCollectorsBehindOneCache(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fillDashboard(t, "alice", 3, 1)
	b.fillDashboard(t, "bob", 3, 2) // the same revision
	own := map[string][]byte{}
	for _, as := range []string{"alice", "bob", "carol", "dave"} { // two have nothing, at revision 0
		own[as] = b.get(t, as, "/api/dashboard").requireStatus(t, 200).Body
	}
	require.NotEqual(t, own["alice"], own["bob"])
	var cache sharedCache
	tags := map[string]string{}
	for _, as := range []string{"alice", "bob", "alice", "carol", "dave", "bob", "carol"} {
		require.Equal(t, own[as], cache.get(t, b, as), as)
		tags[cache.tag] = as
	}
	require.Len(t, tags, 4, "no two share an ETag")
}

// BenchmarkDashboard is what the handler costs beside the database: all answers come from the cache.
func BenchmarkDashboard(b *testing.B) {
	s := setup(b, func(d *Deps) { d.Log = slog.New(slog.DiscardHandler) })
	s.fillDashboard(b, "alice", 3, 20)
	token := "Bearer " + s.token(b, "alice")
	for name, h := range map[string]http.Header{"Whole": header("Authorization", token, "Accept-Encoding", "gzip, deflate, br"),
		"NotModified": header("Authorization", token, "If-None-Match", "*")} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := &nowhere{header: http.Header{}}
				r, _ := http.NewRequestWithContext(b.Context(), http.MethodGet, "/api/dashboard", nil)
				r.Header = h
				s.server.Config.Handler.ServeHTTP(w, r)
			}
		})
	}
}

type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n *nowhere) WriteHeader(int)             {}
