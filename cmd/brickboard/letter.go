package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/brickboard/brickboard/projections"
)

// letter is a dead letter in JSON.
type letter struct {
	EventID     string  `json:"eventId"`
	UserID      string  `json:"userId"`
	Topic       string  `json:"topic"`
	State       string  `json:"state"`
	Error       string  `json:"error"`
	AggregateID *string `json:"aggregateId"`
	Version     *int64  `json:"version"`
	ParkedAt    string  `json:"parkedAt"`
	TriedAt     string  `json:"triedAt"`
	Metadata    *string `json:"metadata,omitempty"` // as text: it may not be JSON
	Payload     *string `json:"payload,omitempty"`
}

func letterOf(l projections.DeadLetter, whole bool) letter {
	out := letter{
		EventID: l.EventID, UserID: l.Collector, Topic: l.Topic, State: l.State, Error: l.Error, Version: l.Version,
		ParkedAt: l.ParkedAt.Format(time.RFC3339), TriedAt: l.TriedAt.Format(time.RFC3339),
	}
	if l.AggregateID != nil {
		out.AggregateID = new(l.AggregateID.String())
	}
	if whole {
		out.Metadata, out.Payload = new(string(l.Metadata)), new(string(l.Payload))
	}
	return out
}

func lettersOf(letters []projections.DeadLetter, whole bool) []letter {
	out := make([]letter, len(letters))
	for i, l := range letters {
		out[i] = letterOf(l, whole)
	}
	return out
}

func (p *program) printLetters(letters []letter) error {
	for _, l := range letters {
		_, err := fmt.Fprintf(p.stdout, "event %s of %q, %s, parked %s, tried %s, from %s\nerror: %s\nmetadata: %s\npayload: %s\n\n",
			l.EventID, l.UserID, l.State, l.ParkedAt, l.TriedAt, l.Topic, l.Error, *l.Metadata, *l.Payload)
		if err != nil {
			return err
		}
	}
	return nil
}

func eventIDs(letters []projections.DeadLetter) []string {
	ids := make([]string, len(letters))
	for i, l := range letters {
		ids[i] = l.EventID
	}
	return ids
}

// requireAll is an error that names the ids that are not among those present.
func requireAll(ids, present []string) error {
	absent := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(present, id) })
	if len(absent) == 0 {
		return nil
	}
	return fmt.Errorf("there is no dead letter %s", strings.Join(absent, ", "))
}
