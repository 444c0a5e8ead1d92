package domain

import "time"

// Moment is the one cut of a time: UTC, whole milliseconds. It is made before row, event and answer, so that the three
// agree: PostgreSQL would keep microseconds and Go has nanoseconds.
func Moment(t time.Time) time.Time {
	return t.UTC().Truncate(time.Millisecond)
}

// later is the moment of now, but never before what was.
func later(before, now time.Time) time.Time {
	if now = Moment(now); now.After(before) {
		return now
	}
	return before
}

func assign[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

func sameText(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
