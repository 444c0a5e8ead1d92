package readmodel

import "time"

// Time is a moment on the wire: RFC 3339 in UTC with exactly three decimals and Z, so that the order of the strings is
// the order of the times.
type Time time.Time

const wireTime = "2006-01-02T15:04:05.000Z"

func (t Time) String() string { return time.Time(t).UTC().Format(wireTime) }

// MarshalText is the string. As a text it costs JSON half of what MarshalJSON would.
func (t Time) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(make([]byte, 0, len(wireTime)), wireTime), nil
}

// UnmarshalText takes what MarshalText makes.
func (t *Time) UnmarshalText(text []byte) error {
	at, err := time.Parse(wireTime, string(text))
	*t = Time(at)
	return err
}
