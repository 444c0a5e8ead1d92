package readmodel

import "time"

// Time is a moment on the wire: RFC 3339 in UTC with exactly three decimals and Z, so that the order of the strings is
// the order of the times.
type Time time.Time

const wireTime = "2006-01-02T15:04:05.000Z"

func (t Time) String() string { return time.Time(t).UTC().Format(wireTime) }

// MarshalJSON is the string in quotes.
func (t Time) MarshalJSON() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(make([]byte, 0, len(wireTime)+2), `"`+wireTime+`"`), nil
}
