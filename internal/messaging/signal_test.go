package messaging

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/stretchr/testify/require"
)

func TestSignal_HandleError(t *testing.T) {
	t.Parallel()
	failure := errors.New("no connection")
	// waited runs HandleError on a clock that only moves while everybody waits, and says how long that took.
	waited := func(s *signal, noMsg bool, err error) (blocked, pause time.Duration) {
		began := time.Now()
		pause = s.HandleError(watermill.NopLogger{}, noMsg, err)
		return time.Since(began), pause
	}
	run := func(name string, test func(t *testing.T, s *signal, woken chan struct{})) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				woken := make(chan struct{}, 1)
				test(t, newSignal(woken, 2*time.Second), woken)
			})
		})
	}

	run("ReturnsAtOnceAfterAMessage", func(t *testing.T, s *signal, _ chan struct{}) {
		blocked, pause := waited(s, false, nil)
		require.Zero(t, blocked)
		require.Zero(t, pause)
	})
	run("PollsWithoutAWakeUp", func(t *testing.T, s *signal, _ chan struct{}) {
		blocked, pause := waited(s, true, nil)
		require.Equal(t, 2*time.Second, blocked)
		require.Zero(t, pause)
	})
	run("WakesUp", func(t *testing.T, s *signal, woken chan struct{}) {
		time.AfterFunc(time.Second, func() { woken <- struct{}{} })
		blocked, pause := waited(s, true, nil)
		require.Equal(t, time.Second, blocked)
		require.Zero(t, pause)
	})
	run("KeepsOneWakeUpThatCameBefore", func(t *testing.T, s *signal, woken chan struct{}) {
		woken <- struct{}{}
		blocked, _ := waited(s, true, nil)
		require.Zero(t, blocked)
		blocked, _ = waited(s, true, nil)
		require.Equal(t, 2*time.Second, blocked)
	})
	run("WakesUpWhenItCloses", func(t *testing.T, s *signal, _ chan struct{}) {
		time.AfterFunc(time.Second, s.close)
		blocked, pause := waited(s, true, nil)
		require.Equal(t, time.Second, blocked)
		require.Zero(t, pause)
		blocked, pause = waited(s, true, failure) // does not spin until the subscriber closes
		require.Zero(t, blocked)
		require.Equal(t, 2*time.Second, pause)
	})
	run("BacksOffUntilItSucceeds", func(t *testing.T, s *signal, woken chan struct{}) {
		woken <- struct{}{} // a wake-up does not cut a pause short
		for _, ms := range []time.Duration{100, 200, 400, 800, 1600, 3200, 5000, 5000} {
			blocked, pause := waited(s, true, failure)
			require.Zero(t, blocked)
			require.Equal(t, ms*time.Millisecond, pause)
		}
		waited(s, false, nil)
		_, pause := waited(s, false, failure)
		require.Equal(t, 100*time.Millisecond, pause)
	})
}
