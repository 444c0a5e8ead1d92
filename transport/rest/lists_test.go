package rest

import (
	"encoding/base64"
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain/command"
)

type page struct {
	Items      []struct{ ID, Title, CreatedAt string }
	NextCursor *string
}

func (b *bundle) page(t *testing.T, as, path string, query url.Values) (p page) {
	t.Helper()
	b.get(t, as, path+"?"+query.Encode()).requireStatus(t, 200).decode(t, &p)
	return p
}

// titles reads all pages.
func (b *bundle) titles(t *testing.T, as string, query url.Values) (titles []string) {
	t.Helper()
	for {
		p := b.page(t, as, "/api/mocs", query)
		for _, item := range p.Items {
			titles = append(titles, item.Title)
		}
		if p.NextCursor == nil {
			return titles
		}
		query.Set("cursor", *p.NextCursor)
	}
}

// insertMOC adds a row as a command would, at a time and an id of the test's choice.
func (b *bundle) insertMOC(t *testing.T, as string, id uuid.UUID, title string, at time.Time) {
	t.Helper()
	b.exec(t, `INSERT INTO mocs (user_id, id, title, theme, build_status, parts_total, parts_owned, parts_ordered, version, created_at, updated_at)
		VALUES ($1, $2, $3, 'Farm', 'ADDED', 0, 0, 0, 1, $4, $4)`, as, id, title, at)
}

func TestLists_CompleteWithEqualTimes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	began := time.Date(2025, 11, 16, 18, 30, 5, 0, time.UTC)
	var want []string
	for i := range 25 {
		id := uuid.MustParse(fmt.Sprintf("019a8e5c-7b1d-7c3a-9f42-%012d", i))
		b.insertMOC(t, "alice", id, fmt.Sprintf("moc %d", i), began.Add(time.Duration(i/10)*time.Millisecond)) // ten at a time
		want = append([]string{fmt.Sprintf("moc %d", i)}, want...)
	}
	for _, limit := range []string{"1", "3", "5", "24", "25", "200"} {
		require.Equal(t, want, b.titles(t, "alice", url.Values{"limit": {limit}}), limit)
	}
	require.Empty(t, b.titles(t, "bob", url.Values{}))

	// What comes or goes before the place where a reader is does not shift what the reader gets.
	first := b.page(t, "alice", "/api/mocs", url.Values{"limit": {"10"}})
	require.Regexp(t, `^2025-11-16T18:30:05\.002Z$`, first.Items[0].CreatedAt)
	b.exec(t, "UPDATE mocs SET deleted_at = created_at WHERE id = $1", first.Items[9].ID)
	b.insertMOC(t, "alice", uuid.Must(uuid.NewV7()), "newer", began.Add(time.Hour))
	require.Equal(t, want[10:], b.titles(t, "alice", url.Values{"cursor": {*first.NextCursor}}))
}

func TestLists_SetsAndWishes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for path, body := range map[string]string{"/api/sets": setBody, "/api/wishlist": wishBody} {
		var want, got []string
		for range 5 {
			location := b.post(t, "alice", path, body).requireStatus(t, 201).Header.Get("Location")
			want = append([]string{strings.TrimPrefix(location, path+"/")}, want...)
		}
		b.send(t, request{method: "DELETE", path: path + "/" + want[2], as: "alice"}).requireStatus(t, 204)
		query := url.Values{"limit": {"2"}}
		for more := true; more; {
			p := b.page(t, "alice", path, query)
			require.Len(t, p.Items, 2)
			got = append(got, p.Items[0].ID, p.Items[1].ID)
			if more = p.NextCursor != nil; more {
				query.Set("cursor", *p.NextCursor)
			}
		}
		require.Equal(t, append(want[:2:2], want[3:]...), got, path)
		require.Empty(t, b.page(t, "bob", path, nil).Items)
	}
}

func TestLists_Limit(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 51 {
		b.insertMOC(t, "alice", uuid.Must(uuid.NewV7()), fmt.Sprint(i), time.Now())
	}
	p := b.page(t, "alice", "/api/mocs", nil)
	require.Len(t, p.Items, 50)
	require.NotNil(t, p.NextCursor)
	p = b.page(t, "alice", "/api/mocs", url.Values{"cursor": {*p.NextCursor}})
	require.Len(t, p.Items, 1)
	require.Nil(t, p.NextCursor)
	for _, path := range []string{"/api/mocs", "/api/sets", "/api/wishlist"} {
		a := b.get(t, "bob", path).requireStatus(t, 200)
		require.JSONEq(t, `{"items": [], "nextCursor": null}`, string(a.Body))
	}
}

func TestLists_Filters(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, body := range []string{
		`{"title":"Red Barn","theme":"Farm","buildStatus":"BUILT","parts":{"total":4,"owned":4,"ordered":0}}`,
		`{"title":"100% BARN_owl","theme":"Animals","parts":{"total":4,"owned":1,"ordered":3}}`,
		`{"title":"Château","theme":"farm","buildStatus":"IN_PROGRESS"}`,
	} {
		b.post(t, "alice", "/api/mocs", body).requireStatus(t, 201)
	}
	for query, want := range map[string][]string{
		"":                                       {"Château", "100% BARN_owl", "Red Barn"},
		"theme=Farm":                             {"Red Barn"},
		"theme=Nothing":                          nil,
		"buildStatus=IN_PROGRESS":                {"Château"},
		"coverageStatus=FULL_INVENTORY":          {"Red Barn"},
		"coverageStatus=PARTIAL_ORDERED":         {"100% BARN_owl"},
		"coverageStatus=NONE":                    {"Château"},
		"q=barn":                                 {"100% BARN_owl", "Red Barn"},
		"q=%25":                                  {"100% BARN_owl"},
		"q=n_o":                                  {"100% BARN_owl"},
		"q=CH%C3%82TEAU":                         {"Château"},
		"q=barn&theme=Animals&buildStatus=ADDED": {"100% BARN_owl"},
		"q=barn&limit=1":                         {"100% BARN_owl", "Red Barn"},
		"q=barn&buildStatus=IN_PROGRESS&unknown=x": nil,
	} {
		values, err := url.ParseQuery(query)
		require.NoError(t, err)
		require.Equal(t, want, b.titles(t, "alice", values), query)
	}
}

func TestLists_BadParameters(t *testing.T) {
	t.Parallel()
	b := setup(t)
	year10000 := cursorOf(command.Position{CreatedAt: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)})
	outOfTime := cursorOf(command.Position{CreatedAt: time.UnixMicro(math.MinInt64)})
	for query, fields := range map[string][]string{
		"limit=0": {"limit"}, "limit=201": {"limit"}, "limit=": {"limit"}, "limit=1.5": {"limit"}, "limit=x": {"limit"},
		"limit=1&limit=2": {"limit"}, "limit=99999999999999999999": {"limit"},
		"cursor=": {"cursor"}, "cursor=x": {"cursor"}, "cursor=" + strings.Repeat("A", 31): {"cursor"},
		"cursor=" + strings.Repeat("A", 33): {"cursor"}, "cursor=" + strings.Repeat("*", 32): {"cursor"},
		"cursor=" + year10000: {"cursor"}, "cursor=" + outOfTime: {"cursor"},
		"theme=": {"theme"}, "theme=" + strings.Repeat("a", 81): {"theme"}, "theme=%00": {"theme"}, "theme=%ff": {"theme"},
		"q=": {"q"}, "q=" + strings.Repeat("a", 201): {"q"}, "q=a%0Ab": {"q"},
		"buildStatus=built": {"buildStatus"}, "coverageStatus=": {"coverageStatus"},
		"limit=0&q=&buildStatus=x&cursor=x": {"limit", "cursor", "buildStatus", "q"},
	} {
		p := b.get(t, "alice", "/api/mocs?"+query).requireStatus(t, 400).problem(t)
		require.Equal(t, ProblemCode("VALIDATION_FAILED"), p.Code)
		var named []string
		for _, e := range *p.Errors {
			named = append(named, e.Field)
		}
		require.Equal(t, fields, named, query)
	}
	for _, path := range []string{"/api/sets", "/api/wishlist"} {
		b.get(t, "alice", path+"?limit=0&cursor=x").requireStatus(t, 400)
	}
	require.Equal(t, ProblemCode("BAD_REQUEST"), b.get(t, "alice", "/api/mocs?q=%zz").requireStatus(t, 400).problem(t).Code)
	b.get(t, "alice", "/api/mocs?theme="+strings.Repeat("%C3%A9", 80)).requireStatus(t, 200)
}

func FuzzParseCursor(f *testing.F) {
	f.Add(cursorOf(command.Position{CreatedAt: time.Now(), ID: uuid.New()}))
	f.Add(base64.RawURLEncoding.EncodeToString(make([]byte, cursorBytes)))
	f.Fuzz(func(t *testing.T, text string) {
		if p, ok := parseCursor(text); ok {
			require.Equal(t, text, cursorOf(p), "a position has one cursor")
			require.True(t, p.CreatedAt.Year() >= 1 && p.CreatedAt.Year() <= 9999)
		}
	})
}
