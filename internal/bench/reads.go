package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
)

const secret = "a secret that is only good for a measurement"

// rival serves the dashboard in one way, with the JWT check that all have.
type rival struct {
	name    string
	handler http.Handler
	status  int
	headers []string
}

// reads measures GET /api/dashboard, warm, cold and unchanged, beside the floor and the plain way, at several sizes of
// a collection: how many are answered a second, and how long one takes.
func reads(ctx context.Context, b *bench) error {
	sizes := []int{10, 1_000, 10_000, 100_000}
	var warm, cold [][]float64
	for _, size := range sizes {
		collector := fmt.Sprintf("collector-%d", size)
		if err := fill(ctx, b.pool, collector, size); err != nil {
			return err
		}
		if _, err := b.pool.Exec(ctx, "VACUUM ANALYZE"); err != nil {
			return err
		}
		b.under("%d MOCs, %d connections", size, clients)
		rates, err := b.readsOf(ctx, domain.CollectorID(collector), size)
		if err != nil {
			return err
		}
		warm, cold = append(warm, rates[1]), append(cold, rates[2])
	}
	b.under("whatever the size")
	last := len(sizes) - 1
	b.ratio("warm, 100,000 MOCs / 10 MOCs", median(warm[last])/median(warm[0]), atLeast(0.9))
	b.ratio("cold, 100,000 MOCs / 10 MOCs", median(cold[last])/median(cold[0]), atLeast(0.9))
	return nil
}

func (b *bench) readsOf(ctx context.Context, collector domain.CollectorID, size int) ([][]float64, error) {
	token, _, err := auth.NewSigner([]byte(secret), "", "", time.Now).Sign(collector, nil, time.Hour)
	if err != nil {
		return nil, err
	}
	verifier, err := auth.NewVerifier(ctx, auth.Config{Secret: []byte(secret), Now: time.Now}, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	cached, err := readmodel.OpenReader(ctx, b.pool.Config(), 64<<20)
	if err != nil {
		return nil, err
	}
	defer cached.Close()
	uncached, err := readmodel.OpenReader(ctx, b.pool.Config(), 0)
	if err != nil {
		return nil, err
	}
	defer uncached.Close()
	state, err := cached.State(ctx, collector)
	if err != nil {
		return nil, err
	}
	var contenders []contender
	for _, r := range []rival{
		{"floor: gin, JWT check, one primary-key SELECT", floorHandler(b.pool, verifier), 200, nil},
		{"warm, as browsers ask (gzip)", b.api(verifier, cached), 200, []string{"Accept-Encoding: gzip"}},
		{"cold", b.api(verifier, uncached), 200, nil},
		{"304", b.api(verifier, cached), 304, []string{`If-None-Match: "` + state.String() + `"`}},
		{"warm, uncompressed", b.api(verifier, cached), 200, nil},
		{"plain way: four aggregates in parallel on the write model", plainHandler(b.pool, verifier), 200, nil},
	} {
		addr, stop, err := serveLocally(r.handler)
		if err != nil {
			return nil, err
		}
		defer stop()
		wires, err := newWires(addr, "/api/dashboard", r.status, append(r.headers, "Authorization: Bearer "+token)...)
		if err != nil {
			return nil, err
		}
		contenders = append(contenders, contender{r.name, over(wires)})
	}
	rates, err := b.compete(ctx, contenders...)
	if err != nil {
		return nil, err
	}
	b.compareReads(rates, size)
	return rates, b.readLatencies(ctx, string(collector), contenders[0], contenders[1], contenders[2])
}

// compareReads takes the rates in the order in which readsOf measures.
func (b *bench) compareReads(rates [][]float64, size int) {
	floor, warm, cold, unchanged, plain := rates[0], rates[1], rates[2], rates[3], rates[5]
	b.ratio("warm / floor", ratios(warm, floor), atLeast(0.8))
	b.ratio("cold / floor", ratios(cold, floor), atLeast(0.35))
	b.ratio("304 / floor", ratios(unchanged, floor), atLeast(0.9))
	if required, ok := map[int]float64{1_000: 4, 10_000: 18, 100_000: 120}[size]; ok {
		b.ratio("cold / plain way", ratios(cold, plain), atLeast(required))
	}
}
