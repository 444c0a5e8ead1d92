package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
	"github.com/brickboard/brickboard/transport/rest"
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
// a collection.
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
		fmt.Printf("  %d MOCs, %d connections\n", size, clients)
		rates, err := b.readsOf(ctx, domain.CollectorID(collector))
		if err != nil {
			return err
		}
		floor, unchanged, plain := rates[0], rates[3], rates[5]
		warm, cold = append(warm, rates[1]), append(cold, rates[2])
		atLeast("warm / floor", ratios(rates[1], floor), 0.8)
		atLeast("cold / floor", ratios(rates[2], floor), 0.35)
		atLeast("304 / floor", ratios(unchanged, floor), 0.9)
		if required, ok := map[int]float64{1_000: 4, 10_000: 18, 100_000: 120}[size]; ok {
			atLeast("cold / plain way", ratios(rates[2], plain), required)
		}
	}
	last := len(sizes) - 1
	atLeast("warm, 100,000 MOCs / 10 MOCs", median(warm[last])/median(warm[0]), 0.9)
	atLeast("cold, 100,000 MOCs / 10 MOCs", median(cold[last])/median(cold[0]), 0.9)
	return nil
}

func (b *bench) readsOf(ctx context.Context, collector domain.CollectorID) ([][]float64, error) {
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
	return b.compete(ctx, contenders...)
}

// api is the router as it is served, on the reader.
func (b *bench) api(verifier *auth.Verifier, reader *readmodel.Reader) http.Handler {
	origins, err := auth.NewOrigins(nil)
	if err != nil {
		panic(err)
	}
	return rest.NewRouter(rest.Deps{
		Commands: command.NewService(b.pool, asleep{}, time.Now), Collection: command.NewCollection(b.pool),
		Dashboards: reader, Verifier: verifier, Origins: origins, Log: slog.New(slog.DiscardHandler),
		Ready: func(context.Context) error { return nil },
	})
}

type asleep struct{}

func (asleep) Wake(...string) {}

// floorHandler is the least that any such endpoint does.
func floorHandler(pool *pgxpool.Pool, verifier *auth.Verifier) http.Handler {
	return bare(verifier, func(c *gin.Context, id domain.CollectorID) error {
		var revision int64
		err := pool.QueryRow(c.Request.Context(), "SELECT revision FROM collector_revisions WHERE user_id = $1", string(id)).Scan(&revision)
		if err == nil {
			c.JSON(http.StatusOK, gin.H{"revision": revision})
		}
		return err
	})
}

// plainHandler counts what is there at each request.
func plainHandler(pool *pgxpool.Pool, verifier *auth.Verifier) http.Handler {
	aggregates := []string{
		`SELECT json_agg(x)::text FROM (SELECT build_status, count(*) FROM mocs WHERE user_id = $1 AND deleted_at IS NULL GROUP BY 1) x`,
		`SELECT json_agg(x)::text FROM (SELECT theme, count(*) FROM mocs WHERE user_id = $1 AND deleted_at IS NULL GROUP BY 1) x`,
		`SELECT json_agg(x)::text FROM (SELECT * FROM mocs WHERE user_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 10) x`,
		`SELECT json_agg(x)::text FROM (SELECT id, title, theme, build_status, updated_at FROM mocs WHERE user_id = $1 AND deleted_at IS NULL
			AND parts_owned + parts_ordered > 0 AND parts_owned < parts_total ORDER BY updated_at DESC) x`,
	}
	return bare(verifier, func(c *gin.Context, id domain.CollectorID) error {
		results := make([]*string, len(aggregates))
		parallel, ctx := errgroup.WithContext(c.Request.Context())
		for i, sql := range aggregates {
			parallel.Go(func() error { return pool.QueryRow(ctx, sql, string(id)).Scan(&results[i]) })
		}
		if err := parallel.Wait(); err != nil {
			return err
		}
		encoded, err := json.Marshal(results)
		if err != nil {
			return err
		}
		c.Header("Content-Length", strconv.Itoa(len(encoded)))
		c.Data(http.StatusOK, "application/json", encoded)
		return nil
	})
}

func bare(verifier *auth.Verifier, serve func(*gin.Context, domain.CollectorID) error) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.GET("/api/dashboard", func(c *gin.Context) {
		id, _, err := verifier.Authenticate(c.Request)
		if err == nil {
			err = serve(c, id.Collector)
		}
		if err != nil {
			_ = c.AbortWithError(http.StatusInternalServerError, err)
		}
	})
	return engine
}
