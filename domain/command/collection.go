package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// Collection reads the write model: what was written is there at once, whatever the projections have done. Deleted
// things and other collectors' things are not found.
type Collection struct {
	db queries.DBTX
	q  *queries.Queries
}

// NewCollection reads through db.
func NewCollection(db queries.DBTX) *Collection {
	return &Collection{db: db, q: queries.New()}
}

// Position is a place in a list that is ordered by creation, then id, newest first.
type Position struct {
	CreatedAt time.Time
	ID        uuid.UUID
}

// Page asks for at most Limit items that come after After, or for the first ones where that is nil.
type Page struct {
	After *Position
	Limit int
}

// MOCFilter lets pass what equals each field that is not nil; Text is a part of the title, in any case.
type MOCFilter struct {
	Theme          *string
	BuildStatus    *domain.BuildStatus
	CoverageStatus *domain.CoverageStatus
	Text           *string
}

// MOC is one MOC, or domain.ErrMOCNotFound.
func (c *Collection) MOC(ctx context.Context, collector domain.CollectorID, id uuid.UUID) (domain.MOC, error) {
	row, err := c.q.MOCGet(ctx, c.db, queries.MOCGetParams{UserID: string(collector), ID: id})
	return mocOf(row), found(err, "read moc", domain.ErrMOCNotFound)
}

// MOCs is a page of the MOCs that pass the filter, newest first.
func (c *Collection) MOCs(ctx context.Context, collector domain.CollectorID, filter MOCFilter, page Page) ([]domain.MOC, error) {
	after := page.after()
	rows, err := c.q.MOCList(ctx, c.db, queries.MOCListParams{
		UserID: string(collector), BeforeCreatedAt: after.CreatedAt, BeforeID: after.ID, PageSize: int32(page.Limit),
		Theme: filter.Theme, BuildStatus: (*string)(filter.BuildStatus),
		CoverageStatus: (*string)(filter.CoverageStatus), Q: filter.Text,
	})
	return aggregates(rows, mocOf), found(err, "list mocs", nil)
}

// Set is one set, or domain.ErrSetNotFound.
func (c *Collection) Set(ctx context.Context, collector domain.CollectorID, id uuid.UUID) (domain.Set, error) {
	row, err := c.q.SetGet(ctx, c.db, queries.SetGetParams{UserID: string(collector), ID: id})
	return setOf(row), found(err, "read set", domain.ErrSetNotFound)
}

// Sets is a page of the sets, newest first.
func (c *Collection) Sets(ctx context.Context, collector domain.CollectorID, page Page) ([]domain.Set, error) {
	after := page.after()
	rows, err := c.q.SetList(ctx, c.db, queries.SetListParams{
		UserID: string(collector), BeforeCreatedAt: after.CreatedAt, BeforeID: after.ID, PageSize: int32(page.Limit),
	})
	return aggregates(rows, setOf), found(err, "list sets", nil)
}

// WishlistItem is one wishlist item, or domain.ErrWishlistItemNotFound.
func (c *Collection) WishlistItem(ctx context.Context, collector domain.CollectorID, id uuid.UUID) (domain.WishlistItem, error) {
	row, err := c.q.WishlistItemGet(ctx, c.db, queries.WishlistItemGetParams{UserID: string(collector), ID: id})
	return wishlistItemOf(row), found(err, "read wishlist item", domain.ErrWishlistItemNotFound)
}

// Wishlist is a page of the wishlist, newest first.
func (c *Collection) Wishlist(ctx context.Context, collector domain.CollectorID, page Page) ([]domain.WishlistItem, error) {
	after := page.after()
	rows, err := c.q.WishlistItemList(ctx, c.db, queries.WishlistItemListParams{
		UserID: string(collector), BeforeCreatedAt: after.CreatedAt, BeforeID: after.ID, PageSize: int32(page.Limit),
	})
	return aggregates(rows, wishlistItemOf), found(err, "list wishlist", nil)
}

// after is where the page begins; the first one begins after the end of all time.
func (p Page) after() Position {
	if p.After != nil {
		return *p.After
	}
	return Position{CreatedAt: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), ID: uuid.Max}
}

func found(err error, step string, missing error) error {
	switch {
	case err == nil:
		return nil
	case missing != nil && errors.Is(err, pgx.ErrNoRows):
		return missing
	default:
		return fmt.Errorf("%s: %w", step, err)
	}
}

func aggregates[R, A any](rows []R, of func(R) A) []A {
	list := make([]A, len(rows))
	for i, row := range rows {
		list[i] = of(row)
	}
	return list
}
