package live

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
)

// chaos is two servers, which are killed and started again, and followers of all kinds, which are cut off and come back
// on either of them.
type chaos struct {
	t     *testing.T
	house *house
	rng   *rand.Rand // of the changes

	mu        sync.Mutex
	servers   [2]*server
	followers []*follower
}

func TestFollowers_EndWithTheView(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	c := &chaos{t: t, house: newHouse(t), rng: rand.New(rand.NewPCG(seed, 2))}
	for i := range c.servers {
		c.servers[i] = c.serve("127.0.0.1:0")
	}
	collectors := []domain.CollectorID{"ada", "bob", "cyd"}
	shaking, calm := context.WithCancel(t.Context())
	over, end := context.WithCancel(t.Context())
	defer end()
	var running sync.WaitGroup
	officials := startOfficials(t)
	for _, collector := range collectors {
		c.followOfficially(shaking, &running, officials, collector, collectors)
		c.followPlainly(shaking, over, &running, collector, collectors)
	}
	c.change(collectors, 4*time.Second)
	calm()
	c.house.mute(false)
	for _, f := range c.followers {
		f.calm()
	}
	for _, collector := range collectors {
		c.await(collector)
	}
	end()
	running.Wait()
	for _, f := range c.followers {
		f.fetches.Wait()
	}
	require.True(t, c.shaken(), "hardly a client came back")
}

func (c *chaos) serve(addr string) *server {
	return c.house.serveAt(c.t, addr, func(config *Config, _ *Deps) {
		config.Compare = 300 * time.Millisecond
		config.SendBuffer = 12
		// An official client whose WebSocket breaks while it changes over hears nothing more, and waits for the next ping.
		config.PingInterval, config.PingTimeout = 2*time.Second, 2*time.Second
	})
}

func (c *chaos) server(i int) *server {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.servers[i]
}

func (c *chaos) follower(name string, collector domain.CollectorID, all []domain.CollectorID) *follower {
	f := newFollower(c.t, name, collector, c.house.token(c.t, collector), func() string { return c.server(rand.IntN(2)).URL })
	f.fetchErr = true
	for _, other := range all {
		if other != collector {
			f.strangers = append(f.strangers, string(other))
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.followers = append(c.followers, f)
	return f
}

func (c *chaos) followOfficially(ctx context.Context, running *sync.WaitGroup, o *officials, collector domain.CollectorID, all []domain.CollectorID) {
	for i, options := range []map[string]any{{}, {"transports": []string{"websocket"}}, {"transports": []string{"polling"}}} {
		f := c.follower(fmt.Sprintf("%s, official %v", collector, options), collector, all)
		auth := map[string]any{"token": f.token, "deltas": i != 1}
		client := o.connect(c.server(i%2).URL, auth, options, func(s saying) {
			switch s.What {
			case "connect":
				f.connected(s.Recovered)
			case "envelope":
				f.receive(s.Envelope)
			}
		})
		running.Go(func() {
			for ctx.Err() == nil {
				loiter(ctx, 600)
				if ctx.Err() == nil {
					o.command("cut", client.id, nil)
				}
			}
		})
	}
}

func (c *chaos) followPlainly(shaking, over context.Context, running *sync.WaitGroup, collector domain.CollectorID, all []domain.CollectorID) {
	for _, query := range []string{"?", "?deltas=1&"} {
		f := c.follower(fmt.Sprintf("%s, plain %s", collector, query), collector, all)
		running.Go(func() {
			for over.Err() == nil {
				c.followOnce(shaking, over, f, query)
			}
		})
	}
}

// followOnce is one connection of a plain client, until it is lost or, while all is shaken, it is cut: after a random
// number of frames or some time.
func (c *chaos) followOnce(shaking, over context.Context, f *follower, query string) {
	since := f.since()
	w, _, err := dialPlain(c.t, c.server(rand.IntN(2)), f.token, query+"since="+since)
	if err != nil {
		loiter(over, 50)
		return
	}
	defer w.conn.Close()
	f.connected(since != "") // a resync tells when it is not so
	taken, most := 0, 1+rand.IntN(20)
	cut := time.Now().Add(time.Duration(rand.IntN(600)) * time.Millisecond)
	for over.Err() == nil && !w.isEnded() {
		all := w.all()
		if shaking.Err() == nil {
			all = all[:min(len(all), most)]
		}
		for _, e := range all[taken:] {
			f.receive(e)
		}
		if taken = len(all); shaking.Err() == nil && (taken == most || time.Now().After(cut)) {
			return
		}
		loiter(over, 3)
	}
}

func (w *wire) isEnded() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ended
}

// loiter waits for a random time up to so many milliseconds.
func loiter(ctx context.Context, most int) {
	timer := time.NewTimer(time.Duration(1+rand.IntN(most)) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// shaken says whether the clients came back often enough: on a busy machine that takes longer.
func (c *chaos) shaken() bool {
	recovers := 0
	for _, f := range c.followers {
		f.mu.Lock()
		recovers += f.recovers
		f.mu.Unlock()
	}
	return recovers > len(c.followers)
}

// change gives commands, and lets things break, for some time and until the clients are shaken.
func (c *chaos) change(collectors []domain.CollectorID, took time.Duration) {
	mine := make(map[domain.CollectorID][]uuid.UUID)
	for began := time.Now(); time.Since(began) < took || !c.shaken() && time.Since(began) < patience; {
		collector := collectors[c.rng.IntN(len(collectors))]
		switch c.rng.IntN(60) {
		case 0:
			c.mend(collector)
		case 1:
			c.restart(c.rng.IntN(2))
		case 2:
			c.house.mute(true)
		case 3, 4, 5:
			c.house.mute(false)
		case 6:
			if c.rng.IntN(4) == 0 {
				c.exec("UPDATE epoch SET epoch = gen_random_uuid()")
			}
		case 7:
			loiter(context.Background(), 300)
		default:
			mine[collector] = c.command(collector, mine[collector])
		}
	}
}

func (c *chaos) command(collector domain.CollectorID, ids []uuid.UUID) []uuid.UUID {
	ctx := context.Background()
	if len(ids) == 0 || c.rng.IntN(3) == 0 {
		moc, err := c.house.commands.AddMOC(ctx, command.AddMOC{Collector: collector, Draft: draft(string(collector)+"'s new", c.rng.IntN(11))})
		require.NoError(c.t, err)
		return append(ids, moc.ID)
	}
	k := c.rng.IntN(len(ids))
	var err error
	switch c.rng.IntN(3) {
	case 0:
		title := fmt.Sprintf("%s's %d", collector, c.rng.IntN(1000))
		_, err = c.house.commands.EditMOC(ctx, command.EditMOC{Collector: collector, ID: ids[k], Edit: domain.MOCEdit{Title: &title}})
	case 1:
		_, err = c.house.commands.CountMOCParts(ctx, command.CountMOCParts{
			Collector: collector, ID: ids[k], Parts: domain.Parts{Total: 10, Owned: c.rng.IntN(11)},
		})
	default:
		err = c.house.commands.DeleteMOC(ctx, command.DeleteMOC{Collector: collector, ID: ids[k]})
		ids = append(ids[:k], ids[k+1:]...)
	}
	require.NoError(c.t, err)
	return ids
}

// mend corrects all titles of a collector's partial parts, as if they had drifted: it leaves no trace but the mend's.
func (c *chaos) mend(collector domain.CollectorID) {
	ctx := context.Background()
	require.NoError(c.t, pgx.BeginFunc(ctx, c.house.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT FROM collector_revisions WHERE user_id = $1 FOR UPDATE", collector); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `WITH m AS (
			UPDATE collector_revisions SET revision = revision + 1, summary_revision = revision + 1, themes_revision = revision + 1,
				recent_revision = revision + 1, partial_parts_revision = revision + 1, mended_revision = revision + 1
			WHERE user_id = $1 RETURNING user_id
		), p AS (
			UPDATE projected_mocs p SET title = p.title || '.' FROM m WHERE p.user_id = m.user_id RETURNING p.user_id, p.id, p.title
		), r AS (
			UPDATE recent_mocs r SET title = p.title FROM p WHERE r.user_id = p.user_id AND r.id = p.id
		)
		UPDATE partial_parts q SET title = p.title FROM p WHERE q.user_id = p.user_id AND q.id = p.id`, collector)
		return err
	}))
}

func (c *chaos) exec(sql string, args ...any) {
	_, err := c.house.pool.Exec(context.Background(), sql, args...)
	require.NoError(c.t, err)
}

// restart kills a server, and starts another in its place.
func (c *chaos) restart(i int) {
	old := c.server(i)
	addr := old.Listener.Addr().String()
	old.stop()
	next := c.serve(addr)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.servers[i] = next
}

// await waits until every follower of the collector has the view.
func (c *chaos) await(collector domain.CollectorID) {
	c.house.settled(c.t, collector)
	_, view, err := c.house.reader.View(c.t.Context(), collector)
	require.NoError(c.t, err)
	encoded, err := json.Marshal(view)
	require.NoError(c.t, err)
	for _, f := range c.followers {
		if f.collector != collector {
			continue
		}
		if !eventually(func() bool { same, _ := f.is(string(encoded)); return same }) {
			_, held := f.is("")
			require.Equal(c.t, string(encoded), held, f.name)
		}
	}
}

func eventually(is func() bool) bool {
	for end := time.Now().Add(patience); time.Now().Before(end); loiter(context.Background(), 10) {
		if is() {
			return true
		}
	}
	return false
}
