package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/internal/testsupport"
)

const (
	chaosCollectors = 12
	chaosTime       = 10 * time.Second
	takeover        = 5 * time.Second
)

// chaos is a database to which everything happens at once.
type chaos struct {
	t        *testing.T
	url      string
	pool     *pgxpool.Pool
	commands *command.Service
	seed     uint64
}

// Commands of many collectors, duplicates, reordering, delayed and rolled-back transactions, rebuilds of one and of all,
// and servers that are killed while they project: in the end every table is as it is computed, and no collector's
// revisions have a hole.
func TestServe_ConvergesUnderEverythingAtOnce(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	url := testsupport.DatabaseURL(t)
	c := &chaos{t: t, url: url, pool: openPool(t, url), commands: writer(t, url), seed: seed}
	conn := connect(t, url)
	execute(t, conn, recordRevisions)

	deadline := time.Now().Add(chaosTime)
	ended := make(chan error, 5)
	for n, act := range []func(context.Context, *rand.Rand) error{c.command, c.command, c.repeat, c.delay, c.rebuild} {
		go func() {
			random := rand.New(rand.NewPCG(seed, uint64(n)))
			for time.Now().Before(deadline) {
				if err := act(context.WithoutCancel(t.Context()), random); err != nil {
					ended <- fmt.Errorf("actor %d: %w", n, err)
					return
				}
				<-time.After(time.Duration(random.IntN(20)) * time.Millisecond) // servers are to keep up
			}
			ended <- nil
		}()
	}
	first, second := c.killServers(deadline)
	for range 5 {
		require.NoError(t, <-ended)
	}
	settled := func() {
		t.Helper()
		require.Eventually(t, func() bool {
			return scan[int](t, conn, "SELECT (SELECT count(*) FROM unread_events) + (SELECT count(*) FROM parked_events)") == 0
		}, patience, 10*time.Millisecond, "%s", second.log)
	}
	settled()
	c.kill(first, takeover)
	settled()
	require.Regexp(t, `^1\d collectors: 0 rows drifted, 0 are pending; 0 differences shown\n$`, tool(t, url, 0, "rebuild-projections", "--verify"))
	require.Regexp(t, `^1\d collectors: 1\d were right, 0 were mended; 0 rows differed\n$`, tool(t, url, 0, "rebuild-projections"))
	require.Zero(t, scan[int](t, conn, `SELECT count(*) FROM (SELECT revision - lag(revision, 1, 0::bigint) OVER (PARTITION BY user_id ORDER BY n) AS step
		FROM taken) s WHERE step <> 1`), "revisions have holes")
	require.Zero(t, scan[int](t, conn, `SELECT count(*) FROM collector_revisions c
		WHERE c.revision <> (SELECT coalesce(max(t.revision), 0) FROM taken t WHERE t.user_id = c.user_id)`))
}

// recordRevisions keeps every revision that is taken, in the order of taking.
const recordRevisions = `
CREATE TABLE taken (n bigserial, user_id text COLLATE "C", revision bigint);
CREATE FUNCTION take() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	INSERT INTO taken (user_id, revision) VALUES (NEW.user_id, NEW.revision); RETURN NULL;
END $$;
CREATE TRIGGER take AFTER UPDATE ON collector_revisions FOR EACH ROW WHEN (OLD.revision <> NEW.revision) EXECUTE FUNCTION take()`

// killServers keeps two servers and kills the one that has been there longer, again and again. It returns those that live.
func (c *chaos) killServers(deadline time.Time) (first, second *process) {
	start := func() *process { return startServer(c.t, "--database-url", c.url, "--batch-size", "20") }
	first, second = start(), start()
	for time.Now().Before(deadline) {
		c.kill(first, patience) // behind a backlog, which grows meanwhile
		first, second = second, start()
	}
	return first, second
}

// kill ends a server; what is committed after that the other one projects in time.
func (c *chaos) kill(p *process, within time.Duration) {
	c.t.Helper()
	p.kill(c.t)
	var marks [2]uuid.UUID
	for n := range marks {
		moc, err := c.commands.AddMOC(c.t.Context(), command.AddMOC{Collector: domain.CollectorID(fmt.Sprint("mark-", n)), Draft: domain.MOCDraft{Title: "Mark", Theme: "Castle"}})
		require.NoError(c.t, err)
		marks[n] = moc.ID
	}
	require.Eventually(c.t, func() bool {
		var projected int
		err := c.pool.QueryRow(c.t.Context(), "SELECT count(*) FROM projected_mocs WHERE id = ANY ($1)", marks[:]).Scan(&projected)
		return err == nil && projected == len(marks)
	}, within, 5*time.Millisecond, "nobody takes over")
}

func (c *chaos) collector(random *rand.Rand) domain.CollectorID {
	return domain.CollectorID(fmt.Sprint("collector-", random.IntN(chaosCollectors)))
}

// command runs a random command on a random collector.
func (c *chaos) command(ctx context.Context, random *rand.Rand) error {
	id := c.collector(random)
	parts := domain.Parts{Total: 4, Owned: random.IntN(3), Ordered: random.IntN(3)}
	moc, have, err := c.any(ctx, random, id)
	switch pick := random.IntN(10); {
	case err != nil:
	case pick < 3 || !have:
		_, err = c.commands.AddMOC(ctx, command.AddMOC{Collector: id, Draft: domain.MOCDraft{Title: "Keep", Theme: fmt.Sprint("T", pick), Parts: parts}})
	case pick < 6:
		_, err = c.commands.CountMOCParts(ctx, command.CountMOCParts{Collector: id, ID: moc, Parts: parts})
	case pick < 7:
		err = c.commands.DeleteMOC(ctx, command.DeleteMOC{Collector: id, ID: moc})
	case pick < 9:
		_, err = c.commands.AddSet(ctx, command.AddSet{Collector: id, Draft: domain.SetDraft{Number: "1-1", Name: "N", Theme: "T1", Quantity: 1 + pick}})
	default:
		_, err = c.commands.AddWishlistItem(ctx, command.AddWishlistItem{Collector: id, Draft: domain.WishlistDraft{Kind: domain.WishedSet, Title: "W"}})
	}
	if errors.Is(err, domain.ErrMOCNotFound) { // the other actor was faster
		return nil
	}
	return err
}

func (c *chaos) any(ctx context.Context, random *rand.Rand, collector domain.CollectorID) (id uuid.UUID, have bool, err error) {
	err = c.pool.QueryRow(ctx, "SELECT id FROM mocs WHERE user_id = $1 AND deleted_at IS NULL ORDER BY id OFFSET $2 LIMIT 1", collector, random.IntN(8)).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return id, false, nil
	}
	return id, err == nil, err
}

// repeat delivers old events again, in any order.
func (c *chaos) repeat(ctx context.Context, random *rand.Rand) error {
	for _, topic := range messaging.Topics() {
		table := "watermill_" + topic
		if _, err := c.pool.Exec(ctx, `INSERT INTO `+table+` (uuid, payload, metadata, transaction_id)
			SELECT uuid, payload, metadata, pg_current_xact_id() FROM (SELECT * FROM `+table+` ORDER BY random() LIMIT $1) m`, random.IntN(10)); err != nil {
			return err
		}
	}
	return nil
}

// delay writes a row and its event in a transaction that stays open for a while and commits, or rolls back.
func (c *chaos) delay(ctx context.Context, random *rand.Rand) error {
	id := c.collector(random)
	moc, err := domain.NewMOC(id, uuid.Must(uuid.NewV7()), domain.MOCDraft{Title: "Late", Theme: "Late"}, time.Now())
	if err != nil {
		return err
	}
	event := domain.Event{ID: uuid.Must(uuid.NewV7()), Type: domain.MOCAdded, MOC: &moc}
	metadata, payload, err := event.Encode()
	if err != nil {
		return err
	}
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	msg := message.NewMessage(event.ID.String(), payload)
	msg.Metadata = metadata
	if err := (messaging.Outbox{}).Append(ctx, tx, string(id), msg); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO mocs VALUES ($1, $2, $3, $4, $5, NULL, 0, 0, 0, 1, $6, $6)`,
		id, moc.ID, moc.Title, moc.Theme, moc.BuildStatus, moc.CreatedAt); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "SELECT pg_sleep($1)", random.Float64()/3); err != nil {
		return err
	}
	if random.IntN(3) == 0 {
		return nil
	}
	return tx.Commit(ctx)
}

// rebuild damages the read model of one collector, as a mistake of somebody's would, and rebuilds it, or all.
func (c *chaos) rebuild(ctx context.Context, random *rand.Rand) error {
	id := string(c.collector(random))
	if random.IntN(2) == 0 {
		_, err := c.pool.Exec(ctx, `WITH held AS (SELECT user_id FROM collector_revisions WHERE user_id = $1 FOR UPDATE)
			DELETE FROM recent_mocs r USING held WHERE r.user_id = held.user_id`, id)
		if err != nil {
			return err
		}
	}
	args := []string{"rebuild-projections", "--database-url", c.url, "--log-level", "error", "--user", id}
	if random.IntN(3) == 0 {
		args = args[:len(args)-2]
	}
	cmd := programWith(c.t, args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("rebuild: %w: %s", err, out)
	}
	return nil
}
