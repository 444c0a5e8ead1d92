package messaging

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	watermillsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Handler handles the records of one batch, in the order in which they were written as far as one transaction wrote
// them. It is called for one batch of a topic at a time by all servers together, except when it outlives its context.
// With an error, or a panic, or when the context ends first, the same records come again, maybe in other batches and on
// another server. It must return when ctx is done.
type Handler func(ctx context.Context, topic string, records []Record) error

// SubscriptionConfig holds the sizes and times of a Subscription.
type SubscriptionConfig struct {
	BatchSize      int           // records at most in a batch
	AckDeadline    time.Duration // after which a handler's context ends; SubscriberPool has to know it
	ResendInterval time.Duration // between a handler's error and the next attempt
	PollInterval   time.Duration // after which a topic is read without a wake-up
	CloseTimeout   time.Duration // for the handlers to return when the subscription closes
}

// DefaultSubscriptionConfig is what suits a server. Batches are that large only when much has piled up: then each row of
// the read model is written once for many events. One takes about a second on one core.
func DefaultSubscriptionConfig() SubscriptionConfig {
	return SubscriptionConfig{
		BatchSize: 20_000, AckDeadline: 30 * time.Second, ResendInterval: 200 * time.Millisecond,
		PollInterval: 2 * time.Second, CloseTimeout: 10 * time.Second,
	}
}

// Subscription reads all topics for the projections and hands their records to a handler. Several of them, on as many
// servers, share the work topic by topic.
type Subscription struct {
	router  *message.Router
	signals []*signal
	handler Handler

	running sync.RWMutex // held for reading while a handler runs
	closed  bool
}

// NewSubscription prepares a subscription on pool, which is made of SubscriberPool's configuration. The waker is its
// own.
func NewSubscription(pool *pgxpool.Pool, waker *Waker, log *slog.Logger, config SubscriptionConfig, handler Handler) (*Subscription, error) {
	logger := quieter(log)
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: config.CloseTimeout}, logger)
	if err != nil {
		return nil, fmt.Errorf("make router: %w", err)
	}
	router.AddMiddleware(middleware.Recoverer)
	s := &Subscription{router: router, handler: handler}
	for _, topic := range Topics() {
		signal := newSignal(waker.woken[topic], config.PollInterval)
		subscriber, err := watermillsql.NewSubscriber(newBeginner(pool), watermillsql.SubscriberConfig{
			ConsumerGroup:  ProjectionsGroup,
			AckDeadline:    &config.AckDeadline,
			ResendInterval: config.ResendInterval,
			BackoffManager: signal,
			SchemaAdapter:  schema{batchSize: config.BatchSize},
			OffsetsAdapter: offsets{},
		}, logger)
		if err != nil {
			return nil, fmt.Errorf("make subscriber of %s: %w", topic, err)
		}
		router.AddConsumerHandler(ProjectionsGroup+"/"+topic, topic, subscriber, s.handle(topic))
		s.signals = append(s.signals, signal)
	}
	return s, nil
}

// Run reads until ctx is done and then closes: handlers' contexts end, and their batches come again. It returns an
// error when they do not return in time, else everything has ended. It runs once.
func (s *Subscription) Run(ctx context.Context) error {
	stopped := make(chan error, 1)
	go func() { stopped <- s.router.Run(context.WithoutCancel(ctx)) }()
	select {
	case <-s.router.Running(): // closing a router that has not begun would wait for handlers that never run
	case err := <-stopped:
		return fmt.Errorf("start router: %w", err)
	}
	<-ctx.Done()
	for _, signal := range s.signals {
		signal.close()
	}
	if err := s.router.Close(); err != nil {
		return fmt.Errorf("close router: %w", err)
	}
	s.running.Lock() // the router does not wait for a batch that was on its way when it closed
	s.closed = true
	s.running.Unlock()
	return <-stopped
}

func (s *Subscription) handle(topic string) message.NoPublishHandlerFunc {
	return func(msg *message.Message) error {
		s.running.RLock()
		defer s.running.RUnlock()
		if s.closed {
			return context.Canceled
		}
		records, err := DecodeBatch(msg.Payload)
		if err != nil {
			return fmt.Errorf("decode batch: %w", err)
		}
		if len(records) == 0 {
			return nil
		}
		return s.handler(msg.Context(), topic, records)
	}
}

// quieter is the logger of watermill, one level lower than it asks for.
func quieter(log *slog.Logger) watermill.LoggerAdapter {
	return watermill.NewSlogLoggerWithLevelMapping(log, map[slog.Level]slog.Level{
		slog.LevelError:      slog.LevelWarn,
		slog.LevelInfo:       slog.LevelDebug,
		slog.LevelDebug:      watermill.LevelTrace,
		watermill.LevelTrace: watermill.LevelTrace - 4,
	})
}
