package socketio

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/brickboard/brickboard/transport/live/engineio"
)

// Frame is a packet with its attachments, encoded once for any number of sockets of its namespace. It never changes.
type Frame struct{ frames []engineio.Frame }

// Size is the number of bytes that the frame has on WebSockets, without their headers.
func (f Frame) Size() int {
	size := 0
	for _, part := range f.frames {
		size += part.Size()
	}
	return size
}

// Packets is the room that the frame takes of a session's Capacity.
func (f Frame) Packets() int { return len(f.frames) }

// Message is an outbound event or ack. Args are encoded as JSON, without escaping HTML; an attachment stands among them
// as {"_placeholder":true,"num":n}.
type Message struct {
	Namespace   string
	Name        string  // of an event; "" makes the message an ack
	AckID       *uint64 // of an event: the client answers with an Ack of this id, below 2^53; of an ack: its event's
	Args        []any
	Attachments [][]byte // kept, and must not change any more
}

// EncodeEvent makes the frame of an event without attachments.
func EncodeEvent(namespace, name string, args ...any) (Frame, error) {
	return Message{Namespace: namespace, Name: name, Args: args}.Encode()
}

// Encode makes the frame of a message.
func (m Message) Encode() (Frame, error) {
	header, payload := m.packet()
	return encode(header, payload, m.Attachments)
}

// packet gives the message's header, and its payload: the arguments, for an event after its name.
func (m Message) packet() (header packet, payload any) {
	header = packet{kind: typeAck, namespace: m.Namespace, ackID: m.AckID, attachments: len(m.Attachments)}
	args := make([]any, 0, 1+len(m.Args))
	if m.Name != "" {
		header.kind = typeEvent
		args = append(args, m.Name)
	}
	if len(m.Attachments) > 0 {
		header.kind += typeBinaryEvent - typeEvent
	}
	return header, append(args, m.Args...)
}

// encode makes a frame. A nil payload is none.
func encode(header packet, payload any, attachments [][]byte) (Frame, error) {
	text, err := encodeText(header, payload)
	if err != nil {
		return Frame{}, err
	}
	frames := make([]engineio.Frame, 0, 1+len(attachments))
	frames = append(frames, engineio.Text(text))
	for _, attachment := range attachments {
		frames = append(frames, engineio.Binary(attachment))
	}
	return Frame{frames}, nil
}

func encodeText(header packet, payload any) ([]byte, error) {
	var text bytes.Buffer
	text.WriteByte('0' + byte(header.kind))
	if header.kind.binary() {
		text.WriteString(strconv.Itoa(header.attachments) + "-")
	}
	if header.namespace != mainNamespace && header.namespace != "" {
		text.WriteString(header.namespace + ",")
	}
	if header.ackID != nil {
		text.WriteString(strconv.FormatUint(*header.ackID, 10))
	}
	if payload == nil {
		return text.Bytes(), nil
	}
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(payload); err != nil {
		return nil, fmt.Errorf("encode packet for %s: %w", header.namespace, err)
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}
