package main

import (
	"encoding/json"

	"github.com/brickboard/brickboard/readmodel"
)

// decode gives an envelope the payload that its type says.
func decode(text []byte) (*readmodel.Envelope, error) {
	var e struct {
		readmodel.Envelope
		Payload json.RawMessage `json:"payload"`
	}
	err := json.Unmarshal(text, &e)
	if err != nil {
		return nil, err
	}
	switch e.Type {
	case readmodel.SummaryUpdated:
		e.Envelope.Payload, err = payload[*readmodel.DashboardSummary](e.Payload)
	case readmodel.ThemeBreakdownUpdated:
		e.Envelope.Payload, err = payload[[]readmodel.ThemeStats](e.Payload)
	case readmodel.RecentMOCAdded:
		e.Envelope.Payload, err = payload[*readmodel.RecentMOC](e.Payload)
	case readmodel.RecentMOCsUpdated:
		e.Envelope.Payload, err = payload[[]readmodel.RecentMOC](e.Payload)
	case readmodel.PartialPartsUpdated:
		e.Envelope.Payload, err = payload[[]readmodel.PartialPartsMOC](e.Payload)
	case readmodel.PartialPartsChanged:
		e.Envelope.Payload, err = payload[*readmodel.PartialPartsChange](e.Payload)
	}
	return &e.Envelope, err
}

func payload[T any](raw json.RawMessage) (value T, err error) {
	err = json.Unmarshal(raw, &value)
	return value, err
}
