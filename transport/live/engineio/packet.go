package engineio

import (
	"bytes"
	"encoding/base64"
	"errors"
	"iter"
	"unicode/utf8"
)

var errMalformed = errors.New("malformed packet")

// packet is an inbound packet. The data of a message belongs to whom it is handed to.
type packet struct {
	kind   byte
	data   []byte
	binary bool
}

// decodeText decodes a packet in text. Data of packets that have none is ignored, but must be UTF-8 too.
func decodeText(text []byte) (packet, error) {
	if len(text) == 0 {
		return packet{}, errMalformed
	}
	kind, data := text[0], text[1:]
	switch {
	case kind == packetBase64:
		return decodeBase64(data)
	case kind < packetOpen || kind > packetNoop || !utf8.Valid(data):
		return packet{}, errMalformed
	}
	return packet{kind: kind, data: data}, nil
}

func decodeBase64(text []byte) (packet, error) {
	data, err := base64.StdEncoding.Strict().AppendDecode(nil, text)
	if err != nil || bytes.ContainsAny(text, "\r\n") { // line ends are skipped by the decoder
		return packet{}, errMalformed
	}
	return packet{kind: packetMessage, data: data, binary: true}, nil
}

// decodePayload gives the packets of a POST's body in order, up to and with the first error.
func decodePayload(body []byte) iter.Seq2[packet, error] {
	return func(yield func(packet, error) bool) {
		for more := true; more; {
			var text []byte
			text, body, more = bytes.Cut(body, []byte{separator})
			p, err := decodeText(text)
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}
