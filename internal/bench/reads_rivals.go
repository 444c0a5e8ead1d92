package main

import (
	"context"
	"encoding/json"
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
