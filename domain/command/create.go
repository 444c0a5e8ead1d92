package command

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// KeyLifetime is how long the answer to a request with an Idempotency-Key is kept.
const KeyLifetime = 24 * time.Hour

// Key is an Idempotency-Key, of one collector, and what the request was: another fingerprint under the same name is
// another request.
type Key struct {
	Name        string
	Fingerprint []byte
}

// Answer is what a creating request is answered with, kept byte for byte under its Key. Location and ETag are header
// values.
type Answer struct {
	Status   int
	Location string
	ETag     string
	Body     []byte
}

// create runs a command that reads nothing: row and event go in one round trip.
func create[A any](ctx context.Context, s *Service, collector domain.CollectorID, queue func(context.Context, *unit) (A, error)) (A, error) {
	var none A
	u := s.unit(collector, s.pool)
	created, err := queue(ctx, u)
	if err != nil {
		return none, err
	}
	if err := u.pipe.Run(ctx); err != nil {
		return none, fmt.Errorf("write row and event: %w", err)
	}
	u.wake()
	return created, nil
}

// createOnce runs the command unless the key has an answer; then that is the answer, and nothing is done. A second
// request with the key waits for the first. Errors are not kept.
func createOnce[A any](ctx context.Context, s *Service, collector domain.CollectorID, key Key,
	queue func(context.Context, *unit) (A, error), encode func(A) (Answer, error),
) (answer Answer, err error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return Answer{}, fmt.Errorf("begin: %w", err)
	}
	defer rollback(ctx, tx)
	claimed, err := s.claim(ctx, tx, collector, key)
	if err != nil {
		return Answer{}, err
	}
	if !claimed {
		return s.kept(ctx, tx, collector, key)
	}
	u := s.unit(collector, tx)
	created, err := queue(ctx, u)
	if err != nil {
		return Answer{}, err
	}
	if answer, err = encode(created); err != nil {
		return Answer{}, fmt.Errorf("encode answer: %w", err)
	}
	if err := s.keep(ctx, u.pipe, collector, key, answer); err != nil {
		return Answer{}, err
	}
	if err := u.pipe.Run(ctx); err != nil {
		return Answer{}, fmt.Errorf("write row, event and answer: %w", err)
	}
	if err := tx.Commit(ctx); err != nil {
		return Answer{}, fmt.Errorf("commit: %w", err)
	}
	u.wake()
	return answer, nil
}

func (s *Service) claim(ctx context.Context, db queries.DBTX, collector domain.CollectorID, key Key) (bool, error) {
	now := domain.Moment(s.now())
	rows, err := s.q.IdempotencyKeyClaim(ctx, db, queries.IdempotencyKeyClaimParams{
		UserID: string(collector), Key: key.Name, Fingerprint: key.Fingerprint,
		CreatedAt: now, ExpiredBefore: now.Add(-KeyLifetime),
	})
	if err != nil {
		return false, fmt.Errorf("claim idempotency key: %w", err)
	}
	return rows == 1, nil
}

func (s *Service) kept(ctx context.Context, db queries.DBTX, collector domain.CollectorID, key Key) (Answer, error) {
	row, err := s.q.IdempotencyKeyGet(ctx, db, queries.IdempotencyKeyGetParams{UserID: string(collector), Key: key.Name})
	if err != nil {
		return Answer{}, fmt.Errorf("read kept answer: %w", err)
	}
	if string(row.Fingerprint) != string(key.Fingerprint) {
		return Answer{}, domain.ErrKeyReused
	}
	return Answer{Status: int(*row.Status), Location: *row.Location, ETag: *row.ETag, Body: row.Body}, nil
}

func (s *Service) keep(ctx context.Context, db queries.DBTX, collector domain.CollectorID, key Key, a Answer) error {
	status := int32(a.Status)
	return s.q.IdempotencyKeyAnswer(ctx, db, queries.IdempotencyKeyAnswerParams{
		UserID: string(collector), Key: key.Name, Status: &status, Location: &a.Location, ETag: &a.ETag, Body: a.Body,
	})
}

// PurgeKeys deletes what was kept longer than KeyLifetime, at most limit keys, and says how many.
func (s *Service) PurgeKeys(ctx context.Context, limit int) (int64, error) {
	return s.q.IdempotencyKeyPurge(ctx, s.pool, queries.IdempotencyKeyPurgeParams{
		ExpiredBefore: domain.Moment(s.now()).Add(-KeyLifetime), PageSize: int32(limit),
	})
}

// rollback ends a transaction that was not committed, also when the request is gone.
func rollback(ctx context.Context, tx pgx.Tx) {
	_ = tx.Rollback(context.WithoutCancel(ctx)) // after a commit, or without a connection, there is nothing to undo
}
