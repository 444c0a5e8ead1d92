package messaging

import (
	"context"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	deadPeerTimeout   = 10 * time.Second // unanswered data or keepalives for so long: the peer is dead
	keepaliveInterval = 3 * time.Second
	keepaliveCount    = 3
	connectTimeout    = 10 * time.Second // where the configuration has none
	idleGrace         = 5 * time.Second
	frozenTimeout     = 35 * time.Second // a transaction idles no longer: a client that is frozen keeps its locks
)

const invalidParameterValue = "22023"

// SubscriberApplication is how pg_stat_activity names the connections that read the topics.
const SubscriberApplication = "brickboard subscriber"

// SubscriberPool returns base changed for a Subscription whose handler may take ackDeadline. It has two connections per
// topic at least.
//
// Commits do not wait for the disk: a position that goes back after a crash brings messages again, which handlers take
// anyway, and what a handler committed on its own is durable before its position moves. A transaction that idles longer
// than a handler may take is ended by the server, which frees its topic.
//
// The planner is kept to the index: of a plan that was made while a topic was empty it would keep a scan of the table.
func SubscriberPool(base *pgxpool.Config, ackDeadline time.Duration) *pgxpool.Config {
	config := base.Copy()
	config.MaxConns = max(config.MaxConns, int32(2*len(Topics())))
	DetectDeadPeers(config.ConnConfig)
	params := config.ConnConfig.RuntimeParams
	params["application_name"] = SubscriberApplication
	params["synchronous_commit"] = "off"
	params["idle_in_transaction_session_timeout"] = milliseconds(ackDeadline + idleGrace)
	params["enable_seqscan"] = "off"
	params["enable_bitmapscan"] = "off"
	params["work_mem"] = "32MB" // a batch is sorted in memory
	params["jit"] = "off"
	return config
}

// DetectDeadPeers makes both ends of config's connections notice within about deadPeerTimeout that the other is gone:
// the server also while it runs a statement, for a client that is dead keeps its locks until then. On Unix sockets,
// where the kernel tells both, only the server's check of a running statement has an effect. A client that is there and
// does nothing loses its transaction after frozenTimeout.
func DetectDeadPeers(config *pgx.ConnConfig) {
	params := config.RuntimeParams
	params["idle_in_transaction_session_timeout"] = milliseconds(frozenTimeout)
	params["tcp_user_timeout"] = milliseconds(deadPeerTimeout)
	params["tcp_keepalives_idle"] = seconds(keepaliveInterval)
	params["tcp_keepalives_interval"] = seconds(keepaliveInterval)
	params["tcp_keepalives_count"] = strconv.Itoa(keepaliveCount)

	config.AfterConnect = func(ctx context.Context, conn *pgconn.PgConn) error {
		return setWhereTaken(ctx, conn, "client_connection_check_interval", milliseconds(keepaliveInterval))
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	dialer := &net.Dialer{
		Timeout: config.ConnectTimeout,
		KeepAliveConfig: net.KeepAliveConfig{
			Enable: true, Idle: keepaliveInterval, Interval: keepaliveInterval, Count: keepaliveCount,
		},
		Control: setUserTimeout,
	}
	config.DialFunc = dialer.DialContext
}

// setWhereTaken sets what some servers refuse, such as PostgreSQL 14 outside Linux; as a parameter of the connection it
// would be refused with it.
func setWhereTaken(ctx context.Context, conn *pgconn.PgConn, setting, value string) error {
	err := conn.ExecParams(ctx, "SELECT set_config($1, $2, false)", [][]byte{[]byte(setting), []byte(value)}, nil, nil, nil).Read().Err
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) && refusal.Code == invalidParameterValue {
		return nil
	}
	return err
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

func seconds(d time.Duration) string { return strconv.FormatInt(int64(d/time.Second), 10) }
