package socketio

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
)

// reserved are the events that a client cannot send.
var reserved = [...]string{"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}

// decode reads the text of a packet: type, number of attachments, namespace, ack id, JSON. A binary packet announces 1
// to maxAttachments.
func decode(text []byte, maxAttachments int) (packet, error) {
	if len(text) == 0 || text[0] < '0' || text[0] > '0'+byte(typeBinaryAck) {
		return packet{}, errMalformed
	}
	p := packet{kind: packetType(text[0] - '0'), namespace: mainNamespace}
	rest := text[1:]
	var err error
	if p.kind.binary() {
		if p.attachments, rest, err = decodeAttachments(rest, maxAttachments); err != nil {
			return packet{}, err
		}
	}
	if p.namespace, rest, err = decodeNamespace(rest); err != nil {
		return packet{}, err
	}
	if p.ackID, rest, err = decodeAckID(rest); err != nil {
		return packet{}, err
	}
	if err := p.decodePayload(rest); err != nil {
		return packet{}, err
	}
	return p, nil
}

func decodeAttachments(text []byte, most int) (count int, rest []byte, err error) {
	digits, rest, found := bytes.Cut(text, []byte{'-'})
	if !found || len(digits) > 4 || leadingDigits(digits) != len(digits) {
		return 0, nil, errMalformed
	}
	count, err = strconv.Atoi(string(digits))
	if err != nil || count < 1 || count > most {
		return 0, nil, errMalformed
	}
	return count, rest, nil
}

func decodeNamespace(text []byte) (namespace string, rest []byte, err error) {
	if len(text) == 0 || text[0] != '/' {
		return mainNamespace, text, nil
	}
	name, rest, _ := bytes.Cut(text, []byte{','})
	if len(name) > maxNamespace {
		return "", nil, errMalformed
	}
	return string(name), rest, nil
}

func decodeAckID(text []byte) (id *uint64, rest []byte, err error) {
	digits := leadingDigits(text)
	if digits == 0 {
		return nil, text, nil
	}
	n, err := strconv.ParseUint(string(text[:min(digits, 20)]), 10, 64)
	if err != nil || digits > 16 || n > maxAckID {
		return nil, nil, errMalformed
	}
	return &n, text[digits:], nil
}

func leadingDigits(text []byte) int {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return n
}

// decodePayload takes the JSON, and what else the type asks for.
func (p *packet) decodePayload(text []byte) error {
	switch {
	case p.kind == typeConnect:
		return p.decodeAuth(text)
	case p.kind == typeDisconnect:
		if len(text) > 0 || p.ackID != nil {
			return errMalformed
		}
		return nil
	case p.kind == typeConnectError: // servers send it
		return errMalformed
	case p.kind.ack() && p.ackID == nil:
		return errMalformed
	}
	if err := json.Unmarshal(text, &p.args); err != nil || p.args == nil {
		return errMalformed
	}
	if p.kind.event() {
		if err := p.takeName(); err != nil {
			return err
		}
	}
	return checkPlaces(p.args, p.attachments)
}

func (p *packet) decodeAuth(text []byte) error {
	switch {
	case p.ackID != nil:
		return errMalformed
	case len(text) == 0:
		return nil
	case text[0] != '{' || !json.Valid(text):
		return errMalformed
	}
	p.payload = text
	return nil
}

// takeName takes an event's name from its arguments: a string that is not reserved, or a number, as it was written.
func (p *packet) takeName() error {
	if len(p.args) == 0 {
		return errMalformed
	}
	first := p.args[0]
	switch {
	case first[0] == '"':
		if err := json.Unmarshal(first, &p.name); err != nil || slices.Contains(reserved[:], p.name) {
			return errMalformed
		}
	case first[0] == '-' || leadingDigits(first) > 0:
		p.name = string(first)
	default:
		return errMalformed
	}
	p.args = p.args[1:]
	return nil
}
