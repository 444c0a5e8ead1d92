package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// What programs see of one server, over the wire. Each test has its own collectors.
func TestService(t *testing.T) {
	t.Parallel()
	p := startServer(t, "--database-url", testsupport.DatabaseURL(t), "--demo")
	for name, test := range map[string]func(*testing.T, *process){
		"EveryOperation":            everyOperation,
		"EachSectionAlone":          eachSectionAlone,
		"ConditionalReadsAndWrites": conditionalReadsAndWrites,
		"Idempotency":               idempotency,
		"Pages":                     pages,
		"Problems":                  problems,
		"AnotherDashboard":          anotherDashboard,
		"Cookie":                    cookie,
		"HealthAndPage":             healthAndPage,
		"SocketsSideBySide":         socketsSideBySide,
		"SocketsRefused":            socketsRefused,
		"TokenExpires":              tokenExpires,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, p)
		})
	}
}

// step is an operation of the contract, in which {id} is what was added last.
type step struct {
	operation string
	body      string
	status    int
	shows     string   // by the dashboard from then on; "": it stays as it is
	tells     []string // types of envelopes
}

func steps() []step {
	const keep, tower = `{"title":"Keep","theme":"Castle","parts":{"total":8,"owned":4,"ordered":0}}`,
		`{"title":"Tower","theme":"Castle","parts":{"total":8,"owned":6,"ordered":2}}`
	return []step{
		{"GET /api/dashboard", "", 200, "", nil},
		{"POST /api/wishlist", `{"kind":"SET","title":"Boat","theme":"Sea"}`, 201, "0/0/0 0/0/0 1 [] [] []", []string{"summaryUpdated"}},
		{"GET /api/wishlist", "", 200, "", nil},
		{"GET /api/wishlist/{id}", "", 200, "", nil},
		{"POST /api/mocs", keep, 201, "1/0/0 0/1/0 1 [Castle 1 0] [Keep ADDED] [Keep 50]",
			[]string{"summaryUpdated", "themeBreakdownUpdated", "recentMocAdded", "partialPartsUpdated"}},
		{"POST /api/mocs", tower, 201, "2/0/0 0/2/0 1 [Castle 2 0] [Tower ADDED Keep ADDED] [Tower 100 Keep 50]",
			[]string{"summaryUpdated", "themeBreakdownUpdated", "recentMocAdded", "partialPartsUpdated"}},
		{"GET /api/mocs", "", 200, "", nil},
		{"GET /api/mocs/{id}", "", 200, "", nil},
		{"PATCH /api/mocs/{id}", `{"theme":"Space","buildStatus":"BUILT"}`, 200,
			"1/0/1 0/2/0 1 [Castle 1 0 Space 1 0] [Tower BUILT Keep ADDED] [Tower 100 Keep 50]",
			[]string{"summaryUpdated", "themeBreakdownUpdated", "recentMocsUpdated", "partialPartsUpdated"}},
		{"PUT /api/mocs/{id}/parts", `{"total":8,"owned":8,"ordered":0}`, 200,
			"1/0/1 1/1/0 1 [Castle 1 0 Space 1 0] [Tower BUILT Keep ADDED] [Keep 50]",
			[]string{"summaryUpdated", "partialPartsUpdated"}},
		{"POST /api/sets", `{"setNumber":"497-1","name":"Galaxy Explorer","theme":"Space","quantity":2}`, 201,
			"1/0/1 1/1/0 1 [Castle 1 0 Space 1 2] [Tower BUILT Keep ADDED] [Keep 50]", []string{"themeBreakdownUpdated"}},
		{"GET /api/sets", "", 200, "", nil},
		{"GET /api/sets/{id}", "", 200, "", nil},
		{"PATCH /api/sets/{id}", `{"theme":"Icons"}`, 200,
			"1/0/1 1/1/0 1 [Castle 1 0 Icons 0 2 Space 1 0] [Tower BUILT Keep ADDED] [Keep 50]", []string{"themeBreakdownUpdated"}},
		{"DELETE /api/mocs/{id}", "", 204, "1/0/0 0/1/0 1 [Castle 1 0 Icons 0 2] [Keep ADDED] [Keep 50]",
			[]string{"summaryUpdated", "themeBreakdownUpdated", "recentMocsUpdated"}},
		{"DELETE /api/sets/{id}", "", 204, "1/0/0 0/1/0 1 [Castle 1 0] [Keep ADDED] [Keep 50]", []string{"themeBreakdownUpdated"}},
		{"DELETE /api/wishlist/{id}", "", 204, "1/0/0 0/1/0 0 [Castle 1 0] [Keep ADDED] [Keep 50]", []string{"summaryUpdated"}},
		{"GET /api/users/{userId}/dashboard", "", 200, "", nil},
		{"POST /api/session", "", 200, "", nil},
		{"GET /api/session", "", 200, "", nil},
		{"DELETE /api/session", "", 204, "", nil},
		{"POST /api/demo/session", "", 200, "", nil},
		{"GET /api/openapi.yaml", "", 200, "", nil},
		{"GET /livez", "", 200, "", nil},
		{"GET /readyz", "", 200, "", nil},
	}
}

// line is the dashboard: MOCs by build status, by coverage status, wishes; themes, recent MOCs, partial parts.
func (d dashboard) line() string {
	s := d.Summary
	themes, recent, partial := []any{}, []any{}, []any{}
	for _, theme := range d.ThemeBreakdown {
		themes = append(themes, theme.Theme, theme.MocCount, theme.SetCount)
	}
	for _, moc := range d.RecentMocs {
		recent = append(recent, moc.Title, moc.BuildStatus)
	}
	for _, moc := range d.PartialPartsMocs {
		partial = append(partial, moc.Title, moc.CoveragePercentage)
	}
	return fmt.Sprintf("%d/%d/%d %d/%d/%d %d %v %v %v",
		s.MocsByBuildStatus["ADDED"], s.MocsByBuildStatus["IN_PROGRESS"], s.MocsByBuildStatus["BUILT"],
		s.MocsByCoverageStatus["FULL_INVENTORY"], s.MocsByCoverageStatus["PARTIAL_ORDERED"], s.MocsByCoverageStatus["NONE"],
		s.TotalWishlistItems, themes, recent, partial)
}

// Every operation of the contract once: its answer is what is read afterwards; the dashboard and the open sockets of
// both protocols follow each change.
func everyOperation(t *testing.T, p *process) {
	ada := p.as(t, "ada")
	plain, deltas := ada.plain(t, ""), ada.socketIO(t, map[string]any{"token": ada.token, "deltas": true})
	page, differences, tag := ada.load(t), ada.load(t), ada.tag(t)
	ids := map[string]string{} // by collection
	called := map[string]bool{}
	var told []string
	for _, s := range steps() {
		called[s.operation] = true
		method, at, _ := strings.Cut(s.operation, " ")
		collection, _, _ := strings.Cut(at, "/{id}")
		at = strings.NewReplacer("{id}", ids[collection], "{userId}", "ada").Replace(at)
		a := ada.send(method, at, s.body)
		require.Equal(t, s.status, a.status, "%s: %s", s.operation, a.body)
		if a.status == http.StatusCreated {
			ids[collection] = path.Base(a.header.Get("Location"))
			at = collection + "/" + ids[collection]
			require.Equal(t, at, a.header.Get("Location"))
		}
		if s.shows == "" {
			continue
		}
		ada.reads(t, strings.TrimSuffix(at, "/parts"), a)
		var d dashboard
		d, tag = ada.moved(t, tag)
		require.Equal(t, s.shows, d.line(), s.operation)
		told = append(told, s.tells...)
		page.follow(t, plain.await(t, len(told)))
		differences.follow(t, deltas.await(t, len(told)))
		last := plain.await(t, len(told))[len(told)-1]
		require.Equal(t, tag, fmt.Sprintf(`"%s.%d"`, last.Epoch, last.Revision), s.operation)
	}
	require.Equal(t, operations(t, ada.send("GET", "/api/openapi.yaml", nil).body), called)
	require.Equal(t, told, plain.types())
	require.Contains(t, deltas.types(), "partialPartsChanged")
	require.Equal(t, told, strings.Fields(strings.ReplaceAll(strings.Join(deltas.types(), " "), "partialPartsChanged", "partialPartsUpdated")))
	require.Equal(t, ada.load(t).sections, page.sections)
	require.Equal(t, ada.load(t).sections, differences.sections)
}

// operations are those that the contract names.
func operations(t *testing.T, contract []byte) map[string]bool {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData(contract)
	require.NoError(t, err)
	all := map[string]bool{}
	for at, item := range document.Paths.Map() {
		for method := range item.Operations() {
			all[method+" "+at] = true
		}
	}
	return all
}

// reads holds the answer of a change against what is read from then on.
func (c client) reads(t *testing.T, at string, changed answer) {
	t.Helper()
	now := c.send("GET", at, nil)
	if changed.status == http.StatusNoContent {
		require.Equal(t, http.StatusNotFound, now.status)
		return
	}
	require.Equal(t, http.StatusOK, now.status)
	require.JSONEq(t, string(changed.body), string(now.body))
	require.Equal(t, changed.header.Get("ETag"), now.header.Get("ETag"))
}

func (c client) tag(t *testing.T) string {
	t.Helper()
	a := c.send("GET", "/api/dashboard", nil)
	require.Equal(t, http.StatusOK, a.status, string(a.body))
	return a.header.Get("ETag")
}

// state is what a dashboard's ETag names.
func state(t *testing.T, tag string) (epoch string, revision int64) {
	t.Helper()
	epoch, number, _ := strings.Cut(strings.Trim(tag, `"`), ".")
	revision, err := strconv.ParseInt(number, 10, 64)
	require.NoError(t, err, tag)
	return epoch, revision
}

// moved waits until the dashboard is another than that of the tag: that of the next revision.
func (c client) moved(t *testing.T, tag string) (d dashboard, now string) {
	t.Helper()
	var a answer
	require.Eventually(t, func() bool {
		a = c.send("GET", "/api/dashboard", nil, "If-None-Match", tag)
		return a.status != http.StatusNotModified
	}, patience, 5*time.Millisecond)
	require.Equal(t, http.StatusOK, a.status, string(a.body))
	require.NoError(t, json.Unmarshal(a.body, &d))
	now = a.header.Get("ETag")
	epoch, before := state(t, tag)
	same, after := state(t, now)
	require.Equal(t, epoch, same)
	require.Equal(t, before+1, after)
	return d, now
}
