package engineio

import "encoding/base64"

// The packet types, as they begin a text packet.
const (
	packetOpen    = '0'
	packetClose   = '1'
	packetPing    = '2'
	packetPong    = '3'
	packetMessage = '4'
	packetUpgrade = '5'
	packetNoop    = '6'
	packetBase64  = 'b' // a binary message in text

	separator = 0x1e // between the packets of a polling payload
)

// Frame is one outbound packet, encoded once for any number of sessions and both transports. It never changes.
type Frame struct {
	data   []byte
	binary bool
}

// Text makes the frame of a text message; text must be valid UTF-8.
func Text(text []byte) Frame {
	data := make([]byte, 0, len(text)+1)
	return Frame{data: append(append(data, packetMessage), text...)}
}

// Binary makes the frame of a binary message. It keeps data, which must not change any more.
func Binary(data []byte) Frame { return Frame{data: data, binary: true} }

// Size is the number of bytes that the frame has on a WebSocket, without its header.
func (f Frame) Size() int { return len(f.data) }

func control(packet string) Frame { return Frame{data: []byte(packet)} }

// payload joins frames to the answer of a poll.
func payload(frames []Frame) []byte {
	size := len(frames)
	for _, f := range frames {
		size += base64.StdEncoding.EncodedLen(len(f.data))
	}
	joined := make([]byte, 0, size)
	for i, f := range frames {
		if i > 0 {
			joined = append(joined, separator)
		}
		if f.binary {
			joined = base64.StdEncoding.AppendEncode(append(joined, packetBase64), f.data)
		} else {
			joined = append(joined, f.data...)
		}
	}
	return joined
}
