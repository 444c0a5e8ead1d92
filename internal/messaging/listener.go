package messaging

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
)

// Listener hears of other servers' commits on a connection of its own and wakes who waits in this process.
type Listener struct {
	config *pgx.ConnConfig
	waker  *Waker
	log    *slog.Logger
}

// NewListener listens on the database of config, which stays as it is.
func NewListener(config *pgx.ConnConfig, waker *Waker, log *slog.Logger) *Listener {
	config = config.Copy()
	DetectDeadPeers(config)
	config.RuntimeParams["application_name"] = "brickboard listener"
	return &Listener{config: config, waker: waker, log: log}
}

// Run listens until ctx is done, over as many connections as it takes. It returns nil.
func (l *Listener) Run(ctx context.Context) error {
	var failures backoff
	for ctx.Err() == nil {
		err := l.listen(ctx, failures.reset)
		if ctx.Err() != nil {
			break
		}
		wait := failures.next()
		l.log.WarnContext(ctx, "events of other servers are not heard", "retry_in", wait, "error", err)
		pause(ctx, wait)
	}
	return nil
}

// listen returns when the connection is lost. Once it listens it wakes every topic: nobody heard what came before.
func (l *Listener) listen(ctx context.Context, connected func()) error {
	conn, err := pgx.ConnectConfig(ctx, l.config)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
		defer cancel()
		_ = conn.Close(ctx)
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+notifyChannel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	connected()
	l.waker.wakeHere(wakeable())
	for {
		notification, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("wait for notification: %w", err)
		}
		l.waker.hear(notification.Payload)
	}
}
