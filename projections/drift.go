package projections

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/brickboard/brickboard/queries"
)

// work verifies chunks in the run's snapshot.
func (r *verification) work(ctx context.Context, chunks <-chan chunk) error {
	tx, err := r.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if _, err := tx.Exec(ctx, "SET TRANSACTION SNAPSHOT '"+r.snapshot+"'"); err != nil { // it takes no parameter
		return fmt.Errorf("take snapshot: %w", err)
	}
	if err := errors.Join(r.q.TransactionByIndex(ctx, tx), r.q.TransactionMayIdle(ctx, tx)); err != nil { // while report takes its time
		return fmt.Errorf("set planner and timeout: %w", err)
	}
	for c := range chunks {
		rows, err := r.q.CollectorsDiffer(ctx, tx, c.collectors)
		if err != nil {
			return fmt.Errorf("compare %d collectors from %q on: %w", len(c.collectors), c.collectors[0], err)
		}
		if err := r.count(c, rows); err != nil {
			return err
		}
	}
	return nil
}

func (r *verification) count(c chunk, rows []queries.CollectorsDifferRow) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, row := range rows {
		if r.pending(row) {
			r.result.PendingRows++
			continue
		}
		r.result.DriftedRows++
		if len(r.result.Drifts) >= r.limit {
			continue
		}
		drifts, err := r.drifts(row)
		if err != nil {
			return fmt.Errorf("compare %s of %q: %w", row.TableName, row.UserID, err)
		}
		r.result.Drifts = append(r.result.Drifts, drifts...)
		r.result.Drifts = r.result.Drifts[:min(len(r.result.Drifts), r.limit)]
	}
	r.progress.add(len(c.collectors), c.rows)
	r.report(*r.progress)
	return nil
}

// pending says that the row is behind and that the event which will mend it is still to come.
func (r *verification) pending(row queries.CollectorsDifferRow) bool {
	return row.ProjectedVersion < row.WrittenVersion &&
		r.awaited[aggregateVersion{row.Key, strconv.FormatInt(row.WrittenVersion, 10)}]
}

// drifts names the columns of a row that differ.
func (r *verification) drifts(row queries.CollectorsDifferRow) ([]Drift, error) {
	drift := Drift{
		Collector: row.UserID, Table: row.TableName, Key: row.Key, Present: orNull(row.Present), Computed: orNull(row.Computed),
	}
	if row.ProjectedVersion < row.WrittenVersion {
		drift.DeadLetter = r.dead[aggregateVersion{id: row.Key}]
	}
	if row.Present == nil || row.Computed == nil {
		return []Drift{drift}, nil
	}
	var present, computed map[string]json.RawMessage
	if err := json.Unmarshal(row.Present, &present); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(row.Computed, &computed); err != nil {
		return nil, err
	}
	var list []Drift
	for _, column := range slices.Sorted(maps.Keys(present)) {
		if !bytes.Equal(present[column], computed[column]) {
			drift.Column, drift.Present, drift.Computed = column, present[column], computed[column]
			list = append(list, drift)
		}
	}
	return list, nil
}

func orNull(row []byte) json.RawMessage {
	if row == nil {
		return json.RawMessage("null")
	}
	return row
}
