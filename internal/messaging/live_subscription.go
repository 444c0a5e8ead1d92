package messaging

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	watermillsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5/pgxpool"
)

// LiveListener is told what comes over the live bus, by one goroutine.
type LiveListener interface {
	// Began says that reading begins, for the first time or after a break. What was announced before may never come.
	Began()
	// Heard is called with the announcements that came together; some may come again, or out of order.
	Heard(announcements []Announcement)
}

// LiveSubscription reads all of the live bus, beginning at "now": every server has one of its own. It keeps no position
// that lasts.
type LiveSubscription struct {
	subscriber *watermillsql.Subscriber
	signal     *liveSignal
	listener   LiveListener
	log        *slog.Logger
}

// NewLiveSubscription prepares a subscription that takes one connection of pool while it reads, and looks without a
// wake-up every poll. The waker is its own.
func NewLiveSubscription(pool *pgxpool.Pool, waker *Waker, log *slog.Logger, poll time.Duration, listener LiveListener) (*LiveSubscription, error) {
	topic := &liveTopic{began: listener.Began}
	s := &LiveSubscription{signal: &liveSignal{newSignal(waker.woken[Live], poll), topic}, listener: listener, log: log}
	var noDeadline time.Duration
	subscriber, err := watermillsql.NewSubscriber(newBeginner(pool), watermillsql.SubscriberConfig{
		AckDeadline: &noDeadline, BackoffManager: s.signal, SchemaAdapter: topic, OffsetsAdapter: liveOffsets{},
	}, quieter(log))
	if err != nil {
		return nil, fmt.Errorf("make live subscriber: %w", err)
	}
	s.subscriber = subscriber
	return s, nil
}

// Run reads until ctx is done, and begins anew after every failure. It runs once.
func (s *LiveSubscription) Run(ctx context.Context) error {
	messages, err := s.subscriber.Subscribe(context.WithoutCancel(ctx), Live)
	if err != nil {
		return fmt.Errorf("subscribe to the live bus: %w", err)
	}
	context.AfterFunc(ctx, func() {
		s.signal.close()
		_ = s.subscriber.Close() // has no error
	})
	for msg := range messages {
		s.tell(ctx, msg)
		msg.Ack()
	}
	return nil
}

func (s *LiveSubscription) tell(ctx context.Context, msg *message.Message) {
	records, err := DecodeBatch(msg.Payload)
	if err != nil {
		s.log.ErrorContext(ctx, "announcements cannot be decoded", "error", err)
		return
	}
	all := make([]Announcement, 0, len(records))
	for _, r := range records {
		var a Announcement
		if err := json.Unmarshal(r.Payload, &a); err != nil { // what it says will be found by comparing
			s.log.WarnContext(ctx, "an announcement cannot be decoded", "error", err)
			continue
		}
		all = append(all, a)
	}
	s.listener.Heard(all)
}

// liveSignal begins anew after a failure.
type liveSignal struct {
	*signal
	topic *liveTopic
}

// HandleError is watermill's BackoffManager.
func (s *liveSignal) HandleError(logger watermill.LoggerAdapter, noMsg bool, err error) time.Duration {
	if err != nil {
		s.topic.forget()
	}
	return s.signal.HandleError(logger, noMsg, err)
}
