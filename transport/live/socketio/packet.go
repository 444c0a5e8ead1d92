package socketio

import (
	"encoding/json"
	"errors"
)

type packetType byte

const (
	typeConnect packetType = iota
	typeDisconnect
	typeEvent
	typeAck
	typeConnectError
	typeBinaryEvent
	typeBinaryAck
)

const (
	// maxAckID is the largest integer that JavaScript counts exactly.
	maxAckID = 1<<53 - 1
	// maxNamespace is in bytes.
	maxNamespace = 128
	// mainNamespace is the one that packets do not name.
	mainNamespace = "/"
)

var (
	errMalformed   = errors.New("malformed packet")
	errAttachments = errors.New("attachment without its place, or place without attachment")
)

// packet is a decoded packet; of binary ones the attachments are still to come.
type packet struct {
	kind        packetType
	attachments int // how many are announced
	namespace   string
	ackID       *uint64
	payload     json.RawMessage   // of CONNECT: an object, or nil
	args        []json.RawMessage // of events and acks
	name        string            // of events: the first argument
}

func (t packetType) binary() bool { return t == typeBinaryEvent || t == typeBinaryAck }
func (t packetType) event() bool  { return t == typeEvent || t == typeBinaryEvent }
func (t packetType) ack() bool    { return t == typeAck || t == typeBinaryAck }
