package messaging

import (
	"context"
	"errors"
	"fmt"

	watermillsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5/pgconn"
)

// Executor is the caller's transaction, or a pipeline that queues the statement for it.
type Executor interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Outbox writes messages in the caller's transaction: they exist when it commits and not before. The zero value is
// ready. Wake the topic of the key after the commit.
type Outbox struct{}

// Append writes the messages of one collector in their order, by one statement. They are not to be changed afterwards.
// An error spoils the transaction; with a pipeline it comes when that runs.
func (Outbox) Append(ctx context.Context, db Executor, collector string, msgs ...*message.Message) error {
	if len(msgs) == 0 {
		return nil
	}
	for _, msg := range msgs {
		msg.SetContext(ctx)
	}
	publisher, err := watermillsql.NewPublisher(publishing{db}, watermillsql.PublisherConfig{SchemaAdapter: schema{}}, nil)
	if err != nil {
		return fmt.Errorf("make publisher: %w", err)
	}
	if err := publisher.Publish(TopicFor(collector), msgs...); err != nil {
		return fmt.Errorf("append %d messages: %w", len(msgs), err)
	}
	return nil
}

// publishing is an Executor as watermill's publisher wants it.
type publishing struct{ db Executor }

func (p publishing) ExecContext(ctx context.Context, query string, args ...any) (watermillsql.Result, error) {
	tag, err := p.db.Exec(ctx, query, args...)
	return watermillsql.PgxResult{CommandTag: tag}, err
}

func (publishing) QueryContext(context.Context, string, ...any) (watermillsql.Rows, error) {
	return nil, errors.New("a publisher does not query")
}
