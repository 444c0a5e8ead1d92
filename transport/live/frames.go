package live

import (
	"encoding/json"

	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/live/socketio"
)

// frames encodes envelopes once for all sessions of a protocol. It is used by one goroutine, for one job.
type frames struct {
	state string // of the reading: the offset of whoever has all its envelopes

	texts   map[*readmodel.Envelope][]byte
	packets map[packetKey]socketio.Frame
}

type packetKey struct {
	envelope *readmodel.Envelope
	last     bool // of its flush: it carries the offset
}

func newFrames(state readmodel.State) *frames {
	return &frames{
		state: state.String(), texts: make(map[*readmodel.Envelope][]byte), packets: make(map[packetKey]socketio.Frame),
	}
}

// text is the envelope as JSON.
func (f *frames) text(e *readmodel.Envelope) []byte {
	text, ok := f.texts[e]
	if !ok {
		text, _ = json.Marshal(e) // our own types, which all can be encoded
		f.texts[e] = text
	}
	return text
}

// packet is the envelope as an event.
func (f *frames) packet(e *readmodel.Envelope, last bool) socketio.Frame {
	key := packetKey{e, last}
	packet, ok := f.packets[key]
	if !ok {
		args := []any{json.RawMessage(f.text(e))}
		if last {
			args = append(args, f.state)
		}
		packet, _ = socketio.EncodeEvent(namespace, string(e.Type), args...) // valid JSON
		f.packets[key] = packet
	}
	return packet
}
