package live

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/live/rules"
)

// follower is a client that holds a view by the contract's client rule, over a connection of any kind.
type follower struct {
	t         testing.TB
	name      string
	collector domain.CollectorID
	token     string
	strangers []string // whose names must not be seen
	fetchFrom func() string

	mu       sync.Mutex
	rule     *rules.Follower
	last     readmodel.Told // revisions that this connection brought
	fetches  sync.WaitGroup
	fetchErr bool // fetches fail now
	recovers int
}

func newFollower(t testing.TB, name string, collector domain.CollectorID, token string, fetchFrom func() string) *follower {
	return &follower{t: t, name: name, collector: collector, token: token, fetchFrom: fetchFrom, rule: rules.NewFollower()}
}

func (f *follower) connected(recovered bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = readmodel.Told{}
	if recovered {
		f.recovers++
	}
	f.rule.Connected(recovered)
	f.fetch()
}

func (f *follower) receive(raw envelope) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e, err := raw.decoded()
	if err != nil {
		f.t.Errorf("%s got %s: %v", f.name, raw.Payload, err)
		return
	}
	for _, stranger := range f.strangers {
		if strings.Contains(string(raw.Payload), stranger+"'s") {
			f.t.Errorf("%s got what is %s's: %s", f.name, stranger, raw.Payload)
		}
	}
	f.checkGrowth(e)
	f.rule.Receive(e)
	f.fetch()
}

// checkGrowth holds that a connection's revisions of a section never fall.
func (f *follower) checkGrowth(e *readmodel.Envelope) {
	section, ok := map[readmodel.EventType]readmodel.Section{
		readmodel.SummaryUpdated: readmodel.Summary, readmodel.ThemeBreakdownUpdated: readmodel.Themes,
		readmodel.RecentMOCAdded: readmodel.Recent, readmodel.RecentMOCsUpdated: readmodel.Recent,
		readmodel.PartialPartsUpdated: readmodel.PartialParts, readmodel.PartialPartsChanged: readmodel.PartialParts,
	}[e.Type]
	if !ok {
		return
	}
	if e.Epoch != f.last.Epoch {
		f.last = readmodel.Told{Epoch: e.Epoch}
	}
	if e.Revision < f.last.Sections[section] {
		f.t.Errorf("%s: revision of %s fell from %d to %d", f.name, e.Type, f.last.Sections[section], e.Revision)
	}
	f.last.Sections[section] = e.Revision
}

// fetch begins a fetch if the rule wants one, with mu held.
func (f *follower) fetch() {
	if f.rule.Fetch() {
		f.fetches.Go(f.fetchNow)
	}
}

func (f *follower) fetchNow() {
	state, view, err := f.snapshot(f.fetchFrom())
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil || f.fetchErr && rand.IntN(3) == 0 {
		f.rule.FetchFailed()
		if f.fetchErr {
			return // wanted until something else comes
		}
	} else {
		f.rule.Fetched(state, view)
	}
	f.fetch()
}

func (f *follower) snapshot(url string) (state readmodel.State, view readmodel.DashboardView, err error) {
	r, err := http.NewRequest(http.MethodGet, url+"/api/dashboard", nil)
	if err != nil {
		return state, view, err
	}
	r.Header.Set("Authorization", "Bearer "+f.token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return state, view, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return state, view, fmt.Errorf("%s: %w", response.Status, err)
	}
	if state, err = readmodel.ParseState(strings.Trim(strings.TrimPrefix(response.Header.Get("ETag"), "W/"), `"`)); err != nil {
		return state, view, err
	}
	return state, view, json.Unmarshal(body, &view)
}

// since is what a plain client brings when it comes back.
func (f *follower) since() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rule.Since()
}

// is says whether the follower holds the view, and what it holds.
func (f *follower) is(view string) (same bool, held string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	encoded, err := json.Marshal(f.rule.View)
	if err != nil {
		f.t.Error(err)
	}
	return string(encoded) == view, string(encoded)
}

// holds says whether the follower holds the view.
func (f *follower) holds(t testing.TB, view readmodel.DashboardView) bool {
	encoded, err := json.Marshal(view)
	if err != nil {
		t.Error(err)
	}
	same, _ := f.is(string(encoded))
	return same
}

// calm lets fetches succeed from now on, and does those that are wanted.
func (f *follower) calm() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fetchErr = false
	f.fetch()
}
