package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/messaging"
)

// commands measures commands a second at the command layer, with nobody projecting and other servers being told,
// beside a bare INSERT of the same row in a transaction of its own.
func commands(ctx context.Context, b *bench) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	notifying, err := b.openPool(ctx, 1)
	if err != nil {
		return err
	}
	defer notifying.Close()
	waker := messaging.NewWaker(notifying, slog.New(slog.DiscardHandler))
	ended := make(chan error, 1)
	go func() { ended <- waker.Run(ctx) }()
	service := command.NewService(b.pool, waker, time.Now)
	stock, err := stockOf(ctx, service)
	if err != nil {
		return err
	}
	rates, err := b.compete(ctx,
		contender{"floor: a bare INSERT of the row", b.bareInsert},
		contender{"create a MOC", func(ctx context.Context, client int) error {
			_, err := service.AddMOC(ctx, command.AddMOC{Collector: collectorOf(client), Draft: draft()})
			return err
		}},
		contender{"change a MOC", func(ctx context.Context, client int) error {
			moc := stock[client][rand.IntN(len(stock[client]))]
			_, err := service.CountMOCParts(ctx, command.CountMOCParts{
				Collector: moc.Collector, ID: moc.ID, Parts: domain.Parts{Total: 1_000_000, Owned: rand.IntN(1_000_000)},
			})
			return err
		}},
	)
	if err != nil {
		return err
	}
	b.ratio("create / floor", ratios(rates[1], rates[0]), atLeast(0.7))
	b.ratio("change / floor", ratios(rates[2], rates[0]), atLeast(0.45))
	cancel()
	return <-ended
}

func collectorOf(client int) domain.CollectorID {
	return domain.CollectorID(fmt.Sprint("client-", client))
}

func draft() domain.MOCDraft {
	cover := "https://images.example.org/mocs/1/cover.jpg"
	return domain.MOCDraft{Title: "A castle with a title of usual length", Theme: "Castle", CoverImageURL: &cover, Parts: domain.Parts{Total: 1000, Owned: 500}}
}

// stockOf gives each client MOCs to change.
func stockOf(ctx context.Context, service *command.Service) (stock [clients][]domain.MOC, err error) {
	for client := range stock {
		for range 200 {
			moc, err := service.AddMOC(ctx, command.AddMOC{Collector: collectorOf(client), Draft: draft()})
			if err != nil {
				return stock, err
			}
			stock[client] = append(stock[client], moc)
		}
	}
	return stock, nil
}

func (b *bench) bareInsert(ctx context.Context, client int) error {
	d, now := draft(), time.Now()
	_, err := b.pool.Exec(ctx, `INSERT INTO mocs (user_id, id, title, theme, build_status, cover_image_url, parts_total, parts_owned, parts_ordered, version,
		created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		collectorOf(client), uuid.Must(uuid.NewV7()), d.Title, d.Theme, domain.Added, d.CoverImageURL, d.Parts.Total, d.Parts.Owned, d.Parts.Ordered, 1, now, now)
	return err
}
