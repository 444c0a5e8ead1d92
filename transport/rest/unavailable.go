package rest

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"
)

// unavailable says whether err is the database's absence, or time that ran out: worth a retry.
func unavailable(err error) bool {
	var refused *pgconn.ConnectError
	var fromServer *pgconn.PgError
	var network *net.OpError
	switch {
	case errors.As(err, &refused):
		return true
	case errors.As(err, &fromServer):
		return unavailableState(fromServer.Code)
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return true // the connection broke
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), pgconn.Timeout(err):
		return true // of a client that went away nobody reads the answer
	default:
		return errors.Is(err, puddle.ErrClosedPool) || pgconn.SafeToRetry(err)
	}
}

// unavailableState knows the SQLSTATE classes of a server that cannot now: no connection, no resources, an operator's
// intervention (which a shutdown, a crash and a cancelled statement are).
func unavailableState(code string) bool {
	switch code[:min(2, len(code))] {
	case "08", "53", "57":
		return true
	}
	return false
}
