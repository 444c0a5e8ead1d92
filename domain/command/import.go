package command

import (
	"context"
	"fmt"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// importFile runs one import in one transaction: plan reads what is there and queues what is to be written. Imports of
// one collector wait for each other, so that the same file at the same time does not double anything.
func (s *Service) importFile(ctx context.Context, collector domain.CollectorID, plan func(context.Context, queries.DBTX, *unit) error) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer rollback(ctx, tx)
	if err := s.q.CollectorImportLock(ctx, tx, string(collector)); err != nil {
		return fmt.Errorf("wait for other imports: %w", err)
	}
	u := s.unit(collector, tx)
	if err := plan(ctx, tx, u); err != nil {
		return err
	}
	if err := u.pipe.Run(ctx); err != nil {
		return fmt.Errorf("write rows and events: %w", err)
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	u.wake()
	return nil
}
