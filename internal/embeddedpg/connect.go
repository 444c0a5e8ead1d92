package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	role     = "brickboard"
	database = "brickboard"

	codeNoDatabase = "3D000"
	codeStarting   = "57P03"
	codeTooMany    = "53300"
	maintenanceDB  = "postgres"

	connectTimeout = 5 * time.Second // of one try: something mute may have taken our port
)

// url addresses our database on loopback TCP, or on the socket in home when port is 0.
func (h home) url(port int) (string, error) {
	password, err := os.ReadFile(h.passwordFile())
	if err != nil {
		return "", fmt.Errorf("read the database's password: %w", err)
	}
	query := url.Values{"sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.UserPassword(role, string(password)), Path: "/" + database}
	if port != 0 {
		u.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	} else {
		query.Set("host", h.path)
		query.Set("port", strconv.Itoa(socketPort))
	}
	u.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20") // to PostgreSQL's URLs a plus is a plus
	return u.String(), nil
}

// await returns when the database at url answers, or why it never will.
func await(ctx context.Context, url string, exited <-chan error) error {
	for {
		err := ensureDatabase(ctx, url)
		if err == nil || hopeless(err) {
			return err
		}
		select {
		case state := <-exited:
			return fmt.Errorf("it ended: %v", state)
		default:
		}
		if stopped := pause(ctx); stopped != nil {
			return fmt.Errorf("it does not answer: %w: %w", stopped, err)
		}
	}
}

// hopeless tells the errors of a server that answers from those that pass: not there yet, starting, stopping, full.
func hopeless(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code != codeStarting && refused.Code != codeTooMany
}

// ensureDatabase connects, and makes the database where it is missing.
func ensureDatabase(ctx context.Context, url string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("parse the database's URL: %w", err)
	}
	config.ConnectTimeout = connectTimeout
	conn, err := pgx.ConnectConfig(ctx, config)
	if err == nil {
		return conn.Close(ctx)
	}
	if codeOf(err) != codeNoDatabase {
		return err
	}
	config.Database = maintenanceDB
	if conn, err = pgx.ConnectConfig(ctx, config); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+database)
	return errors.Join(err, conn.Close(ctx))
}

func codeOf(err error) string {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}
