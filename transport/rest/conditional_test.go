package rest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMatchesAny_Lists(t *testing.T) {
	t.Parallel()
	const current = `"e.7"`
	for list, want := range map[string]bool{
		`"e.7"`: true, `W/"e.7"`: true, `*`: true, ` * `: true, `"a", "e.7"`: true, `"a","e.7"`: true,
		`, ,W/"a" , W/"e.7",`: true, `"a,b", "e.7"`: true, "\t\"e.7\"\t": true, `"", "e.7"`: true,
		``: false, `"e.8"`: false, `e.7`: false, `w/"e.7"`: false, `"e.7`: false, `"a" "e.7"`: false, `*, "e.7"`: false,
		`"e.7"x`: false, `"a b", "e.7"`: false, `W/ "e.7"`: false,
	} {
		require.Equal(t, want, matchesAny([]string{list}, current), "%s", list)
	}
	require.True(t, matchesAny([]string{`"a"`, `"b", "e.7"`}, current), "several lines are one list")
	require.False(t, matchesAny(nil, current))
}

func FuzzMatchesAny(f *testing.F) {
	for _, seed := range []string{`"a"`, `W/"a", "b"`, `*`, `,,`, `"`, `W/`, "\"\xff\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, list string) {
		const current = `"e.7"`
		var tags []string
		for rest := list; rest != ""; {
			tag, after, ok := cutTag(rest)
			if !ok {
				return // and matchesAny came to an end, below
			}
			require.Less(t, len(after), len(rest))
			if rest = after; tag.opaque != "" {
				tags = append(tags, tag.opaque)
			}
		}
		known := false
		for _, tag := range tags {
			known = known || tag == current
			require.True(t, matchesAny([]string{list}, tag))
		}
		require.Equal(t, known, matchesAny([]string{list}, current))
		require.True(t, matchesAny([]string{list + `, W/` + current}, current))
	})
}

func TestConditional_Reads(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{
		b.post(t, "alice", "/api/mocs", mocBody).Header.Get("Location"),
		b.post(t, "alice", "/api/sets", setBody).Header.Get("Location"),
		b.post(t, "alice", "/api/wishlist", wishBody).Header.Get("Location"),
		"/api/dashboard",
	} {
		whole := b.get(t, "alice", path).requireStatus(t, 200)
		tag := whole.Header.Get("ETag")
		for _, q := range []request{
			{method: "GET", header: header("If-None-Match", tag)}, {method: "GET", header: header("If-None-Match", "*")},
			{method: "GET", header: http.Header{"If-None-Match": {`"x"`, `W/` + tag}}},
			{method: "HEAD", header: header("If-None-Match", `"x", `+tag)},
		} {
			q.path, q.as = path, "alice"
			a := b.send(t, q).requireStatus(t, 304)
			for _, name := range []string{"ETag", "Cache-Control", "Vary"} {
				require.Equal(t, whole.Header.Values(name), a.Header.Values(name))
			}
			require.Empty(t, a.Header.Get("Content-Type"))
		}
		require.Equal(t, whole.Body, b.get(t, "alice", path, "If-None-Match", `"x"`).requireStatus(t, 200).Body)
		require.Equal(t, "private, no-cache", whole.Header.Get("Cache-Control"))
	}
}

func TestConditional_Writes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	moc, set, wish := map[string]string{"PATCH": `{"title":"New"}`, "PUT": `{"total":1,"owned":1,"ordered":0}`, "DELETE": ""},
		map[string]string{"PATCH": `{"name":"New"}`, "DELETE": ""}, map[string]string{"DELETE": ""}
	for collection, changes := range map[string]map[string]string{"/api/mocs": moc, "/api/sets": set, "/api/wishlist": wish} {
		for method, body := range changes {
			for expected, status := range map[string]int{
				`"1"`: 200, `"7", "1"`: 200, `*`: 200, ``: 412, `"2"`: 412, `"01"`: 412, `"x"`: 412, `W/"1"`: 412,
				`1`: 400, `*, "1"`: 400,
			} {
				path := b.post(t, "alice", collection, bodies()[collection]).Header.Get("Location")
				q := request{method: method, path: path, as: "alice", body: body, header: header("If-Match", expected)}
				if method == "PUT" {
					q.path += "/parts"
				}
				if method == "DELETE" && status == 200 {
					status = 204
				}
				a := b.send(t, q)
				require.Equal(t, status, a.Status, "%s %s If-Match: %s", method, collection, expected)
				after := b.get(t, "alice", path)
				switch status {
				case 200:
					require.Equal(t, `"2"`, a.Header.Get("ETag"))
					require.Equal(t, after.Body, a.Body)
				case 204:
					after.requireStatus(t, 404)
					b.send(t, q).requireStatus(t, 404)
				default:
					require.Equal(t, `"1"`, after.Header.Get("ETag"), "nothing changed")
				}
			}
		}
	}
}

func TestChange_OfNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	moc := b.post(t, "alice", "/api/mocs", mocBody).requireStatus(t, 201)
	set := b.post(t, "alice", "/api/sets", setBody).requireStatus(t, 201)
	for _, c := range []struct {
		path, method, body string
		was                *answer
	}{
		{"", "PATCH", `{}`, moc},
		{"", "PATCH", `{"title":"Barn","coverImageUrl":"https://example.org/b.jpg"}`, moc},
		{"/parts", "PUT", `{"total":10,"owned":5,"ordered":2}`, moc},
		{"", "PATCH", `{}`, set},
	} {
		a := b.send(t, request{method: c.method, path: c.was.Header.Get("Location") + c.path, as: "alice", body: c.body})
		require.Equal(t, `"1"`, a.requireStatus(t, 200).Header.Get("ETag"))
		require.Equal(t, c.was.Body, a.Body)
	}
	a := b.send(t, request{method: "PATCH", path: moc.Header.Get("Location"), as: "alice", body: `{"coverImageUrl":null}`})
	require.Equal(t, `"2"`, a.requireStatus(t, 200).Header.Get("ETag"))
	require.Contains(t, string(a.Body), `"coverImageUrl":null`)
}

func TestIDs_OthersAndNone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for collection, body := range bodies() {
		if collection[0] != '/' {
			continue
		}
		path := b.post(t, "alice", collection, body).requireStatus(t, 201).Header.Get("Location")
		id := path[len(collection)+1:]
		b.get(t, "bob", path).requireStatus(t, 404)
		b.send(t, request{method: "DELETE", path: path, as: "bob"}).requireStatus(t, 404)
		for _, other := range []string{"x", "00000000-0000-0000-0000-000000000000", id[1:], id + "0", "%7B" + id + "%7D", "urn:uuid:" + id, strings.ToUpper(id), id[:35] + "G"} {
			b.get(t, "alice", collection+"/"+other).requireStatus(t, 404)
			b.send(t, request{method: "DELETE", path: collection + "/" + other, as: "alice"}).requireStatus(t, 404)
		}
		b.get(t, "alice", path).requireStatus(t, 200)
	}
}
