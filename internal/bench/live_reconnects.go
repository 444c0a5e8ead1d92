package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/live"
)

const (
	followed      = 1_000 // collectors, by one follower each
	reconnecting  = 20 * time.Second
	cutsPerSecond = 50 // so each is cut once
)

// liveReconnects measures what 1,000 followers miss who are cut off and come back, 50 a second, while their dashboards
// change 500 times a second.
func liveReconnects(ctx context.Context, b *bench) error {
	stopProjecting, service, err := b.startProjecting(ctx, &projected{at: map[string]time.Time{}})
	if err != nil {
		return err
	}
	url, stopServing, err := b.serveLive(ctx, live.Config{})
	if err != nil {
		return err
	}
	if err := b.reconnect(ctx, service, url); err != nil {
		return err
	}
	return errorsOf(stopServing, stopProjecting)
}

func (b *bench) reconnect(ctx context.Context, service *command.Service, url string) error {
	reader := readmodel.NewReader(b.pool, 0)
	mocs, err := b.giveEachOne(ctx, service)
	if err != nil {
		return err
	}
	following, stopFollowing := context.WithCancel(ctx)
	defer stopFollowing()
	ended, following := errgroup.WithContext(following)
	followers, err := follow(following, ended, url, reader)
	if err != nil {
		return err
	}
	rate, err := changeAndCut(following, service, mocs, followers)
	if err != nil {
		stopFollowing()
		return errors.Join(err, ended.Wait())
	}
	if err := b.projectedAll(ctx); err != nil {
		return err
	}
	missing, err := awaitViews(ctx, reader, followers)
	if err != nil {
		return err
	}
	stopFollowing()
	if err := ended.Wait(); err != nil {
		return err
	}
	b.reportReconnects(rate, followers, missing)
	return nil
}

func (b *bench) reportReconnects(rate float64, followers []*follower, missing int) {
	back, resyncs, fetches := 0, 0, 0
	for _, f := range followers {
		back, resyncs, fetches = back+f.back, resyncs+f.resyncs, fetches+f.fetches
	}
	b.figure("changes a second", rate, "/s", atLeast(500))
	b.figure("followers that came back", float64(back), "")
	b.ratio("recovered, of these", float64(back-resyncs)/float64(back), atLeast(1))
	b.figure("gaps, for which a follower would have to fetch", float64(fetches), "", atMost(0))
	b.figure("followers that missed a change", float64(missing), "", atMost(0))
}

func followedOf(n int) domain.CollectorID {
	return domain.CollectorID(fmt.Sprintf("followed-%d", n%followed))
}

// giveEachOne gives each collector a MOC, which is projected.
func (b *bench) giveEachOne(ctx context.Context, service *command.Service) (mocs [followed]uuid.UUID, err error) {
	for n := range mocs {
		moc, err := service.AddMOC(ctx, command.AddMOC{Collector: followedOf(n), Draft: draft()})
		if err != nil {
			return mocs, err
		}
		mocs[n] = moc.ID
	}
	return mocs, b.projectedAll(ctx)
}

func (b *bench) projectedAll(ctx context.Context) error {
	for behind := true; behind; time.Sleep(10 * time.Millisecond) {
		err := b.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM mocs m LEFT JOIN projected_mocs p USING (user_id, id)
			WHERE m.user_id LIKE 'followed-%' AND m.version <> coalesce(p.version, 0))`).Scan(&behind)
		if err != nil {
			return err
		}
	}
	return nil
}

// changeAndCut adds MOCs and counts parts, to one collector after the other, a little faster than is measured, and cuts
// off one follower after the other. It returns how many changes a second it came to.
func changeAndCut(ctx context.Context, service *command.Service, mocs [followed]uuid.UUID, followers []*follower) (float64, error) {
	const (
		pace    = 510
		changes = int(reconnecting/time.Second) * pace
	)
	work, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	cutting := began
	for n := range changes {
		time.Sleep(time.Until(began.Add(time.Duration(n) * time.Second / pace)))
		for ; time.Since(cutting) > 0; cutting = cutting.Add(time.Second / cutsPerSecond) {
			followers[int(cutting.Sub(began)/(time.Second/cutsPerSecond))%len(followers)].cut()
		}
		work.Go(func() error {
			collector := followedOf(n)
			if n/followed%2 == 0 {
				_, err := service.AddMOC(ctx, command.AddMOC{Collector: collector, Draft: draft()})
				return err
			}
			_, err := service.CountMOCParts(ctx, command.CountMOCParts{
				Collector: collector, ID: mocs[n%followed], Parts: domain.Parts{Total: 1000, Owned: 1 + rand.IntN(998)},
			})
			return err
		})
	}
	err := work.Wait()
	return float64(changes) / time.Since(began).Seconds(), err
}
