package readmodel

import (
	"strconv"
	"time"

	"github.com/google/uuid"
)

// EventType names what an envelope holds.
type EventType string

// The types of envelopes, and their payloads.
const (
	SummaryUpdated        EventType = "dashboard:summaryUpdated"        // DashboardSummary
	ThemeBreakdownUpdated EventType = "dashboard:themeBreakdownUpdated" // []ThemeStats
	RecentMOCAdded        EventType = "dashboard:recentMocAdded"        // RecentMOC, a difference
	RecentMOCsUpdated     EventType = "dashboard:recentMocsUpdated"     // []RecentMOC
	PartialPartsUpdated   EventType = "dashboard:partialPartsUpdated"   // []PartialPartsMOC
	PartialPartsChanged   EventType = "dashboard:partialPartsChanged"   // PartialPartsChange, a difference
	Resync                EventType = "dashboard:resync"                // ResyncPayload
	Failed                EventType = "dashboard:error"                 // FailedPayload
)

// Envelope is what travels on a socket: one thing that happened to one section.
type Envelope struct {
	EventID   uuid.UUID `json:"eventId"` // the same when the same is told again, by whichever server
	Type      EventType `json:"type"`
	Timestamp Time      `json:"timestamp"` // when it was told
	Payload   any       `json:"payload"`
	Revision  int64     `json:"revision"`           // of the section's last change that is told
	Epoch     string    `json:"epoch"`              // "" where it is not known
	Previous  *int64    `json:"previous,omitempty"` // of a difference: it tells all that happened after this revision
}

// PartialPartsChange names every MOC whose row came, changed or went, also one that did several of these.
type PartialPartsChange struct {
	Upserted []PartialPartsMOC `json:"upserted"`
	Removed  []uuid.UUID       `json:"removed"`
}

// OtherEpoch and NotRecovered are the reasons of a resync.
const (
	OtherEpoch   = "OTHER_EPOCH"
	NotRecovered = "NOT_RECOVERED"
)

// ResyncPayload says why a client has to fetch the view.
type ResyncPayload struct {
	Reason string `json:"reason"`
}

// FailedPayload says why a connection ends.
type FailedPayload struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func newEnvelope(t EventType, payload any, state State, previous *int64, at time.Time) *Envelope {
	name := state.Epoch + " " + string(t) + " " + strconv.FormatInt(state.Revision, 10)
	if previous != nil {
		name += " " + strconv.FormatInt(*previous, 10)
	}
	return &Envelope{
		EventID: uuid.NewSHA1(eventNames(), []byte(name)), Type: t, Timestamp: Time(at), Payload: payload,
		Revision: state.Revision, Epoch: state.Epoch, Previous: previous,
	}
}

// eventNames is the namespace of our events' ids, which never changes.
func eventNames() uuid.UUID {
	return uuid.UUID{0x6b, 0x1c, 0x0b, 0x0a, 0x2d, 0x0e, 0x4f, 0x5e, 0x9b, 0x5a, 0x3e, 0x0c, 0x7d, 0x41, 0x52, 0x9f}
}

// NewResync tells that what came before cannot be continued.
func NewResync(state State, reason string, at time.Time) *Envelope {
	return newEnvelope(Resync, ResyncPayload{Reason: reason}, state, nil, at)
}

// NewFailed tells an error; the state may be unknown.
func NewFailed(state State, code, message string, at time.Time) *Envelope {
	return newEnvelope(Failed, FailedPayload{Code: code, Message: message}, state, nil, at)
}
