package messaging

import (
	"net"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestSubscriberPool(t *testing.T) {
	t.Parallel()

	t.Run("IsWhatTheServerTakes", func(t *testing.T) {
		t.Parallel()
		base := testsupport.Database(t).Config()
		base.MaxConns = 1
		pool, err := pgxpool.NewWithConfig(t.Context(), SubscriberPool(base, 30*time.Second))
		require.NoError(t, err)
		t.Cleanup(pool.Close)
		require.EqualValues(t, 4, pool.Config().MaxConns)
		require.EqualValues(t, 1, base.MaxConns)
		require.NotContains(t, base.ConnConfig.RuntimeParams, "synchronous_commit")
		for setting, want := range map[string]string{
			"application_name":                    "brickboard subscriber",
			"synchronous_commit":                  "off",
			"idle_in_transaction_session_timeout": "35000",
			"tcp_user_timeout":                    "10000",
			"tcp_keepalives_idle":                 "3",
			"tcp_keepalives_interval":             "3",
			"tcp_keepalives_count":                "3",
		} {
			var got string // as it was asked for: a Unix socket shows 0 for those of TCP
			require.NoError(t, pool.QueryRow(t.Context(), `SELECT reset_val FROM pg_settings WHERE name = $1`, setting).Scan(&got))
			require.Equal(t, want, got, setting)
		}
		var interval string
		require.NoError(t, pool.QueryRow(t.Context(), `SHOW client_connection_check_interval`).Scan(&interval))
		require.Equal(t, "3s", interval)
	})

	t.Run("ConnectsWhereASettingIsRefused", func(t *testing.T) {
		t.Parallel()
		conn, err := testsupport.Database(t).Acquire(t.Context())
		require.NoError(t, err)
		t.Cleanup(conn.Release)
		require.NoError(t, setWhereTaken(t.Context(), conn.Conn().PgConn(), "client_connection_check_interval", "-1"))
		require.Error(t, setWhereTaken(t.Context(), conn.Conn().PgConn(), "no_such_setting", "1"))
	})

	t.Run("FreesWhatAFrozenClientHolds", func(t *testing.T) {
		t.Parallel()
		config := testsupport.Database(t).Config()
		DetectDeadPeers(config.ConnConfig)
		pool, err := pgxpool.NewWithConfig(t.Context(), config)
		require.NoError(t, err)
		t.Cleanup(pool.Close)
		var timeout string
		require.NoError(t, pool.QueryRow(t.Context(), `SHOW idle_in_transaction_session_timeout`).Scan(&timeout))
		require.Equal(t, "35s", timeout)
	})

	t.Run("DialsBothKindsOfSocket", func(t *testing.T) {
		t.Parallel()
		config := testsupport.Database(t).Config().ConnConfig
		DetectDeadPeers(config)
		for network, address := range map[string]string{"tcp": "127.0.0.1:0", "unix": t.TempDir() + "/s"} {
			listener, err := net.Listen(network, address)
			require.NoError(t, err)
			conn, err := config.DialFunc(t.Context(), network, listener.Addr().String())
			require.NoError(t, err)
			require.NoError(t, conn.Close())
			require.NoError(t, listener.Close())
		}
	})
}
