package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// add creates something and returns its path.
func (c client) add(t *testing.T, collection, body string, headers ...string) (at string) {
	t.Helper()
	a := c.send("POST", "/api/"+collection, body, headers...)
	require.Equal(t, http.StatusCreated, a.status, string(a.body))
	return a.header.Get("Location")
}

const (
	aMOC  = `{"title":"Keep","theme":"Castle","parts":{"total":8,"owned":4,"ordered":0}}`
	aSet  = `{"setNumber":"497-1","name":"Galaxy Explorer","theme":"Space"}`
	aWish = `{"kind":"SET","title":"Boat"}`
)

// A change of one section alone is a change of the dashboard: another ETag, the new content for who has the old one, and
// one envelope.
func eachSectionAlone(t *testing.T, p *process) {
	dora := p.as(t, "dora")
	s := dora.plain(t, "")
	hidden := dora.add(t, "mocs", aMOC) // not among the recent ten
	for n := range 10 {
		dora.add(t, "mocs", fmt.Sprintf(`{"title":"MOC %d","theme":"Castle"}`, n))
	}
	shown := dora.add(t, "mocs", `{"title":"Gate","theme":"Castle"}`) // without parts
	set := dora.add(t, "sets", aSet)
	dora.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 12 && len(d.ThemeBreakdown) == 2 })
	page := dora.load(t)
	for _, c := range []struct{ section, method, path, body, tells, now string }{
		{"themeBreakdown", "PATCH", set, `{"theme":"Icons"}`, "themeBreakdownUpdated", `"theme":"Icons"`},
		{"summary", "POST", "/api/wishlist", aWish, "summaryUpdated", `"totalWishlistItems":1`},
		{"recentMocs", "PATCH", shown, `{"title":"Great Gate"}`, "recentMocsUpdated", `"title":"Great Gate"`},
		{"partialPartsMocs", "PUT", hidden + "/parts", `{"total":8,"owned":6,"ordered":0}`, "partialPartsUpdated", `"coveragePercentage":75`},
	} {
		before, tag := dora.load(t), dora.tag(t)
		require.Less(t, dora.send(c.method, c.path, c.body).status, 300)
		_, next := dora.moved(t, tag)
		fresh := dora.send("GET", "/api/dashboard", nil, "If-None-Match", tag)
		require.Equal(t, http.StatusOK, fresh.status)
		require.Contains(t, string(fresh.body), c.now)
		require.Equal(t, http.StatusNotModified, dora.send("GET", "/api/dashboard", nil, "If-None-Match", next).status)
		after := dora.load(t)
		require.NotEqual(t, before.sections[c.section], after.sections[c.section])
		after.sections[c.section] = before.sections[c.section]
		require.Equal(t, before.sections, after.sections, "%s alone", c.section)
		s.awaitRevision(t, after.told[c.section])
		var told []string
		for _, e := range s.all() {
			if e.Revision == after.told[c.section] {
				told = append(told, e.Type)
			}
		}
		require.Equal(t, []string{"dashboard:" + c.tells}, told)
	}
	page.follow(t, s.all())
	require.Equal(t, dora.load(t).sections, page.sections)
}

func conditionalReadsAndWrites(t *testing.T, p *process) {
	carl := p.as(t, "carl")
	for _, c := range []struct{ collection, body, change string }{
		{"mocs", aMOC, `{"title":"Old Keep"}`}, {"sets", aSet, `{"quantity":3}`}, {"wishlist", aWish, ""},
	} {
		at := carl.add(t, c.collection, c.body)
		current := `"1"`
		require.Equal(t, http.StatusNotModified, carl.send("GET", at, nil, "If-None-Match", `"x", W/"1"`).status)
		if c.change != "" {
			changed := carl.send("PATCH", at, c.change, "If-Match", `"1"`)
			require.Equal(t, http.StatusOK, changed.status, string(changed.body))
			current = changed.header.Get("ETag")
			require.Equal(t, `"2"`, current)
			refused := carl.send("PATCH", at, `{"theme":"Sea"}`, "If-Match", `"1"`)
			require.Equal(t, http.StatusPreconditionFailed, refused.status)
			carl.reads(t, at, changed)
		}
		require.Equal(t, http.StatusPreconditionFailed, carl.send("DELETE", at, nil, "If-Match", `"7"`).status)
		require.Equal(t, http.StatusOK, carl.send("GET", at, nil).status)
		require.Equal(t, http.StatusNoContent, carl.send("DELETE", at, nil, "If-Match", current).status)
		require.Equal(t, http.StatusNotFound, carl.send("GET", at, nil).status)
	}
	moc := carl.add(t, "mocs", aMOC)
	require.Equal(t, http.StatusPreconditionFailed, carl.send("PUT", moc+"/parts", `{"total":1,"owned":1,"ordered":0}`, "If-Match", `"2"`).status)
	carl.eventually(t, func(d dashboard) bool { return d.line() == "1/0/0 0/1/0 0 [Castle 1 0] [Keep ADDED] [Keep 50]" })
	for _, known := range []string{carl.tag(t), "W/" + carl.tag(t), `"x", ` + carl.tag(t), "*"} {
		a := carl.send("GET", "/api/dashboard", nil, "If-None-Match", known)
		require.Equal(t, http.StatusNotModified, a.status, known)
		require.Equal(t, carl.tag(t), a.header.Get("ETag"))
		require.Equal(t, "private, no-cache", a.header.Get("Cache-Control"))
		require.Empty(t, a.body)
	}
	require.Equal(t, http.StatusOK, carl.send("GET", "/api/dashboard", nil, "If-None-Match", p.as(t, "nobody").tag(t)).status)
}

// Pages come to all of a list, the newest first, each once.
func pages(t *testing.T, p *process) {
	paul := p.as(t, "paul")
	for collection, body := range map[string]string{"mocs": aMOC, "sets": aSet, "wishlist": aWish} {
		var added, seen []string
		for range 5 {
			added = append([]string{paul.add(t, collection, body)}, added...)
		}
		cursor, sizes := "", []int{}
		for more := true; more; more = cursor != "" {
			var page struct {
				Items      []struct{ ID string }
				NextCursor *string
			}
			require.Equal(t, http.StatusOK, paul.do("GET", "/api/"+collection+"?limit=2"+cursor, nil, &page))
			for _, item := range page.Items {
				seen = append(seen, "/api/"+collection+"/"+item.ID)
			}
			sizes = append(sizes, len(page.Items))
			require.LessOrEqual(t, len(sizes), len(added), "there is no end")
			if cursor = ""; page.NextCursor != nil {
				cursor = "&cursor=" + *page.NextCursor
			}
		}
		require.Equal(t, added, seen)
		require.Equal(t, []int{2, 2, 1}, sizes)
	}
	paul.add(t, "mocs", `{"title":"Sky Tower","theme":"Space","buildStatus":"BUILT"}`)
	for _, filter := range []string{"theme=Space", "buildStatus=BUILT", "coverageStatus=NONE", "q=tower"} {
		var page struct{ Items []struct{ Title string } }
		require.Equal(t, http.StatusOK, paul.do("GET", "/api/mocs?"+filter, nil, &page))
		require.Len(t, page.Items, 1, filter)
		require.Equal(t, "Sky Tower", page.Items[0].Title)
	}
}

// Errors are problems of one form, and change nothing.
func problems(t *testing.T, p *process) {
	eve, bobs := p.as(t, "eve"), p.as(t, "bob of the problems").add(t, "mocs", aMOC)
	for name, c := range map[string]struct {
		method, path, body string
		headers            []string
		status             int
		code               string
		fields             []string
	}{
		"Malformed":       {"POST", "/api/mocs", `{`, nil, 400, "BAD_REQUEST", nil},
		"Fields":          {"POST", "/api/mocs", `{"title":"","theme":"Castle","colour":"red"}`, nil, 400, "VALIDATION_FAILED", []string{"colour"}},
		"Values":          {"POST", "/api/mocs", `{"title":"","theme":""}`, nil, 400, "VALIDATION_FAILED", []string{"title", "theme"}},
		"Parameters":      {"GET", "/api/mocs?limit=0&buildStatus=LOST", "", nil, 400, "VALIDATION_FAILED", []string{"buildStatus", "limit"}},
		"WrongToken":      {"GET", "/api/dashboard", "", []string{"Authorization", "Bearer nonsense"}, 401, "UNAUTHORIZED", nil},
		"OtherDashboard":  {"GET", "/api/users/bob/dashboard", "", nil, 403, "FORBIDDEN", nil},
		"OtherMOC":        {"GET", bobs, "", nil, 404, "NOT_FOUND", nil},
		"OtherMOCChanged": {"PATCH", bobs, `{"title":"Mine"}`, nil, 404, "NOT_FOUND", nil},
		"OtherMOCCounted": {"PUT", bobs + "/parts", `{"total":1,"owned":1,"ordered":0}`, nil, 404, "NOT_FOUND", nil},
		"OtherMOCDeleted": {"DELETE", bobs, "", nil, 404, "NOT_FOUND", nil},
		"NoSuchPath":      {"GET", "/api/bricks", "", nil, 404, "NOT_FOUND", nil},
		"Method":          {"PUT", "/api/mocs", `{}`, nil, 405, "METHOD_NOT_ALLOWED", nil},
		"TooLarge":        {"POST", "/api/mocs", `{"title":"` + strings.Repeat("x", 64<<10) + `"}`, nil, 413, "PAYLOAD_TOO_LARGE", nil},
		"NotJSON":         {"POST", "/api/mocs", aMOC, []string{"Content-Type", "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE", nil},
	} {
		a := eve.send(c.method, c.path, c.body, c.headers...)
		require.Equal(t, c.status, a.status, "%s: %s", name, a.body)
		require.Equal(t, "application/problem+json", a.header.Get("Content-Type"), name)
		require.Equal(t, "no-store", a.header.Get("Cache-Control"), name)
		var problem struct {
			Type, Title, Detail, Code, RequestID string
			Status                               int
			Errors                               []struct{ Field, Message string }
		}
		require.NoError(t, json.Unmarshal(a.body, &problem), name)
		require.Equal(t, c.code, problem.Code, name)
		require.Equal(t, c.status, problem.Status, name)
		require.Equal(t, []string{"about:blank", http.StatusText(c.status), a.header.Get("X-Request-Id")},
			[]string{problem.Type, problem.Title, problem.RequestID}, name)
		require.NotEmpty(t, problem.Detail, name)
		var fields []string
		for _, e := range problem.Errors {
			fields = append(fields, e.Field)
			require.NotEmpty(t, e.Message, name)
		}
		require.ElementsMatch(t, c.fields, fields, "%s: %s", name, a.body)
	}
	unsigned := client{t: t, base: eve.base}.send("GET", "/api/mocs", nil)
	require.Equal(t, http.StatusUnauthorized, unsigned.status)
	require.Contains(t, unsigned.header.Get("WWW-Authenticate"), "Bearer")
	require.Contains(t, eve.send("PUT", "/api/mocs", nil).header.Get("Allow"), "POST")
	require.Zero(t, eve.count(t, "/api/mocs"))
	require.Equal(t, 1, p.as(t, "bob of the problems").count(t, "/api/mocs"))
}

// Another's dashboard is for those with the scope, and the same that its collector sees.
func anotherDashboard(t *testing.T, p *process) {
	dan, reader := p.as(t, "dan"), p.as(t, "reader", "--scope", "other dashboard:read:any")
	dan.add(t, "mocs", aMOC)
	dan.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 1 })
	own, seen := dan.send("GET", "/api/dashboard", nil), reader.send("GET", "/api/users/dan/dashboard", nil)
	require.Equal(t, http.StatusOK, seen.status)
	require.Equal(t, string(own.body), string(seen.body))
	require.Equal(t, own.header.Get("ETag"), seen.header.Get("ETag"))
	require.Equal(t, http.StatusForbidden, p.as(t, "snoop", "--scope", "dashboard:read").send("GET", "/api/users/dan/dashboard", nil).status)
}

// A page signs in by cookie: it is set, speaks for the collector, is not to be used by other sites, and is cleared.
func cookie(t *testing.T, p *process) {
	signed := p.as(t, "cora")
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	signed.jar = jar
	started := signed.send("POST", "/api/session", nil)
	require.Equal(t, http.StatusOK, started.status)
	require.Contains(t, string(started.body), `"userId":"cora"`)
	require.Contains(t, started.header.Get("Set-Cookie"), "HttpOnly; SameSite=Strict")

	page := client{t: t, base: signed.base, jar: jar}
	require.Equal(t, string(started.body), string(page.send("GET", "/api/session", nil).body))
	page.add(t, "mocs", aMOC)
	page.add(t, "mocs", aMOC, "Origin", page.base)
	foreign := page.send("POST", "/api/mocs", aMOC, "Origin", "https://evil.example")
	require.Equal(t, http.StatusForbidden, foreign.status)
	require.Empty(t, foreign.header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, 2, page.count(t, "/api/mocs"))
	page.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 2 })
	require.Equal(t, http.StatusUnauthorized, page.send("GET", "/api/mocs", nil, "Authorization", "Bearer nonsense").status)
	require.Equal(t, http.StatusUnauthorized, page.send("POST", "/api/session", nil).status, "a cookie renews no cookie")

	require.Equal(t, http.StatusForbidden, page.send("DELETE", "/api/session", nil, "Origin", "https://evil.example").status)
	require.Equal(t, http.StatusOK, page.send("GET", "/api/session", nil).status)
	require.Equal(t, http.StatusNoContent, page.send("DELETE", "/api/session", nil).status)
	require.Equal(t, http.StatusUnauthorized, page.send("GET", "/api/session", nil).status)
}

func healthAndPage(t *testing.T, p *process) {
	public, admin := client{t: t, base: "http://" + p.addr}, client{t: t, base: "http://" + p.admin}
	p.eventuallyReady(t, http.StatusOK, "")
	for _, path := range []string{"/livez", "/readyz"} {
		require.Equal(t, http.StatusOK, public.send("GET", path, nil).status)
		require.Equal(t, http.StatusOK, admin.send("GET", path, nil).status)
	}
	for _, path := range []string{"/", "/dashboard", "/mocs/new", "/sign-in"} {
		a := public.send("GET", path, nil)
		require.Equal(t, http.StatusOK, a.status, "%s: %s", path, a.body)
		require.Contains(t, string(a.body), `<div id="root">`)
		policy := a.header.Get("Content-Security-Policy")
		require.Contains(t, policy, "default-src 'none'; script-src 'self'; style-src 'self';")
		require.Contains(t, policy, "connect-src 'self' ws://"+p.addr)
		require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
	}
	require.Equal(t, http.StatusNotFound, admin.send("GET", "/dashboard", nil).status)
}
