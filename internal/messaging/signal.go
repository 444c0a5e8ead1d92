package messaging

import (
	"time"

	"github.com/ThreeDotsLabs/watermill"
)

// signal is where the subscriber of one topic waits while there is nothing to read: until it is woken, the poll
// interval has passed, or the subscription closes.
type signal struct {
	woken    <-chan struct{} // holds one wake-up while nobody waits
	closed   chan struct{}
	poll     time.Duration
	failures backoff // used by the subscriber's goroutine alone
}

func newSignal(woken <-chan struct{}, poll time.Duration) *signal {
	return &signal{woken: woken, closed: make(chan struct{}), poll: poll}
}

func (s *signal) close() { close(s.closed) }

// HandleError is watermill's BackoffManager. It waits itself for the next message; the pauses that it returns are
// waited by the subscriber, which ends them when it closes.
func (s *signal) HandleError(logger watermill.LoggerAdapter, noMsg bool, err error) time.Duration {
	select {
	case <-s.closed:
		return s.poll // for the subscriber to close in
	default:
	}
	if err != nil {
		wait := s.failures.next()
		logger.Error("topic cannot be read", err, watermill.LogFields{"retry_in": wait.String()})
		return wait
	}
	s.failures.reset()
	if !noMsg {
		return 0
	}
	timer := time.NewTimer(s.poll)
	defer timer.Stop()
	select {
	case <-s.woken:
	case <-timer.C:
	case <-s.closed:
	}
	return 0
}
