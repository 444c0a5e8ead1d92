package readmodel

import (
	"context"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// A view read while its collector is being projected belongs to one revision: here every section says which.
func TestReader_View_NeverTears(t *testing.T) {
	t.Parallel()
	read := func(r *Reader) func(context.Context) (told, error) {
		return func(ctx context.Context) (told, error) {
			state, view, err := r.View(ctx, "ada")
			if err != nil {
				return told{}, err
			}
			return told{state.Revision, view.Summary.TotalMOCs, view.ThemeBreakdown[0].MOCCount, int64(len(view.PartialPartsMOCs))}, nil
		}
	}
	t.Run("AnyPool", func(t *testing.T) {
		t.Parallel()
		pool := testsupport.Database(t)
		neverTears(t, pool, read(NewReader(pool, 1<<20)))
	})
	t.Run("OwnPool", func(t *testing.T) {
		t.Parallel()
		pool := testsupport.Database(t)
		r, err := OpenReader(t.Context(), pool.Config(), 1<<20)
		require.NoError(t, err)
		defer r.Close()
		neverTears(t, pool, read(r))
	})
}

// So do the changes that a hub tells.
func TestReader_Changes_NeverTears(t *testing.T) {
	t.Parallel()
	pool := testsupport.Database(t)
	r := NewReader(pool, 0)
	state, err := r.State(t.Context(), "ada")
	require.NoError(t, err)
	neverTears(t, pool, func(ctx context.Context) (told, error) {
		c, err := r.Changes(ctx, "ada", ToldAt(state), Following)
		if err != nil {
			return told{}, err
		}
		return told{c.Revision, c.Summary.TotalMOCs, c.Themes[0].MOCCount, int64(len(c.PartialParts))}, nil
	})
}

// told is the revision, and that which each section of a reading says it is of.
type told [4]int64

// neverTears reads from several sides while the collector changes.
func neverTears(t *testing.T, pool *pgxpool.Pool, read func(context.Context) (told, error)) {
	t.Helper()
	fill(t, pool, "ada", 1)
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for ctx.Err() == nil {
				got, err := read(t.Context())
				if err != nil || got != (told{got[0], got[0], got[0], got[0]}) {
					t.Errorf("torn: %v, %v", got, err)
					return
				}
			}
		})
	}
	for i := range 300 {
		fill(t, pool, "ada", 1+i%40)
	}
	stop()
	readers.Wait()
}
