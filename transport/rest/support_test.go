package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/testsupport"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
)

func TestMain(m *testing.M) { testsupport.Main(m) }

const secret = "a secret of forty bytes, or a few more.."

// bundle is a server with its database. Every answer it gives is held against the contract.
type bundle struct {
	pool   *pgxpool.Pool
	signer *auth.Signer
	server *httptest.Server
	log    *journal
}

// setup serves on a database of its own.
func setup(t testing.TB, changes ...func(*Deps)) *bundle {
	t.Helper()
	return serve(t, testsupport.Database(t), changes...)
}

func serve(t testing.TB, pool *pgxpool.Pool, changes ...func(*Deps)) *bundle {
	t.Helper()
	b := &bundle{pool: pool, signer: auth.NewSigner([]byte(secret), "", "", nil), log: &journal{}}
	log := slog.New(b.log)
	verifier, err := auth.NewVerifier(t.Context(), auth.Config{Secret: []byte(secret)}, log)
	require.NoError(t, err)
	origins, err := auth.NewOrigins([]string{"https://bricks.example"})
	require.NoError(t, err)
	deps := Deps{
		Commands:   command.NewService(pool, nobody{}, time.Now),
		Collection: command.NewCollection(pool),
		Dashboards: readmodel.NewReader(pool, 1<<20),
		Verifier:   verifier, Origins: origins, Log: log,
		Ready: func(context.Context) error { return nil },
		Demo:  &Demo{Signer: b.signer, Collector: "demo", TTL: time.Hour},
	}
	for _, change := range changes {
		change(&deps)
	}
	b.server = httptest.NewServer(NewRouter(deps))
	t.Cleanup(b.server.Close)
	return b
}

// nobody is woken by commands.
type nobody struct{}

func (nobody) Wake(...string) {}

func (b *bundle) token(t testing.TB, collector string, scopes ...string) string {
	t.Helper()
	token, _, err := b.signer.Sign(domain.CollectorID(collector), scopes, time.Hour)
	require.NoError(t, err)
	return token
}

// request is what a test sends. Where as is set, it carries that collector's token.
type request struct {
	method, path string
	as           string
	body         string // with Content-Type application/json, unless header has another
	header       http.Header
	chunked      bool // the body's length is not told
}

func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

type answer struct {
	Status int
	Header http.Header
	Body   []byte // as it is meant: decompressed
	Sent   int    // bytes on the wire
}

func (b *bundle) send(t testing.TB, q request) *answer {
	t.Helper()
	var body io.Reader = strings.NewReader(q.body)
	if q.chunked {
		body = io.MultiReader(body)
	}
	r, err := http.NewRequestWithContext(t.Context(), q.method, b.server.URL+q.path, body)
	require.NoError(t, err)
	if q.header != nil {
		r.Header = q.header.Clone()
	}
	if _, given := r.Header["Content-Type"]; !given && q.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if q.as != "" {
		r.Header.Set("Authorization", "Bearer "+b.token(t, q.as))
	}
	return b.do(t, r, []byte(q.body))
}

func (b *bundle) do(t testing.TB, r *http.Request, sent []byte) *answer {
	t.Helper()
	transport := &http.Transport{DisableCompression: true, DisableKeepAlives: true}
	response, err := transport.RoundTrip(r)
	require.NoError(t, err)
	defer response.Body.Close()
	a := &answer{Status: response.StatusCode, Header: response.Header}
	a.Body, err = io.ReadAll(response.Body)
	require.NoError(t, err)
	a.Sent = len(a.Body)
	if a.Header.Get("Content-Encoding") == "gzip" && r.Method != http.MethodHead {
		a.Body = gunzip(t, a.Body)
	}
	holdAgainstContract(t, r, sent, a)
	return a
}

func (b *bundle) get(t testing.TB, as, path string, headers ...string) *answer {
	t.Helper()
	return b.send(t, request{method: http.MethodGet, path: path, as: as, header: header(headers...)})
}

func (b *bundle) post(t testing.TB, as, path, body string, headers ...string) *answer {
	t.Helper()
	return b.send(t, request{method: http.MethodPost, path: path, as: as, body: body, header: header(headers...)})
}

func (b *bundle) count(t testing.TB, sql string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, b.pool.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

func (b *bundle) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	_, err := b.pool.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

func (a *answer) decode(t testing.TB, into any) {
	t.Helper()
	require.NoError(t, json.NewDecoder(bytes.NewReader(a.Body)).Decode(into), string(a.Body))
}

func (a *answer) problem(t testing.TB) (p Problem) {
	t.Helper()
	a.decode(t, &p)
	return p
}

func (a *answer) requireStatus(t testing.TB, status int) *answer {
	t.Helper()
	require.Equal(t, status, a.Status, string(a.Body))
	return a
}

// journal keeps what is logged.
type journal struct {
	mu      sync.Mutex
	records []slog.Record
}

func (j *journal) Enabled(context.Context, slog.Level) bool { return true }
func (j *journal) WithAttrs([]slog.Attr) slog.Handler       { return j }
func (j *journal) WithGroup(string) slog.Handler            { return j }

func (j *journal) Handle(_ context.Context, r slog.Record) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.records = append(j.records, r)
	return nil
}

// at is what was logged at the level.
func (j *journal) at(level slog.Level) (lines []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, r := range j.records {
		if r.Level != level {
			continue
		}
		line := r.Message
		r.Attrs(func(a slog.Attr) bool {
			line += " " + a.String()
			return true
		})
		lines = append(lines, line)
	}
	return lines
}

func readAll(t testing.TB, r io.Reader) []byte {
	t.Helper()
	all, err := io.ReadAll(r)
	require.NoError(t, err)
	return all
}
