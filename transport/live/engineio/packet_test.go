package engineio

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDecodeText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]packet{
		"4hello":    {kind: packetMessage, data: []byte("hello")},
		"4":         {kind: packetMessage, data: []byte{}},
		"4€":        {kind: packetMessage, data: []byte("€")},
		"2probe":    {kind: packetPing, data: []byte("probe")},
		"6":         {kind: packetNoop, data: []byte{}},
		"bAQIDBA==": {kind: packetMessage, data: []byte{1, 2, 3, 4}, binary: true},
		"b":         {kind: packetMessage, binary: true},
	} {
		got, err := decodeText([]byte(text))
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "abc", "7", "-", "bAQID*", "bAQIDBA", "bAQIDBB==", "bAQID\nBA==", "4\xff", "3\xc3"} {
		_, err := decodeText([]byte(text))
		require.ErrorIs(t, err, errMalformed, "%q", text)
	}
}

func TestDecodePayload_StopsAtFirstError(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int{"4a\x1e4b\x1e4c": 3, "4a\x1ex\x1e4c": 1, "4a\x1e": 1, "": 0, "\x1e4a": 0} {
		good, bad := 0, 0
		for _, err := range decodePayload([]byte(body)) {
			if err != nil {
				bad++
			} else {
				good++
			}
		}
		require.Equal(t, want, good, "%q", body)
		require.Equal(t, want != 3, bad == 1, "%q", body)
	}
}

// FuzzDecodePayload looks for a body that makes the decoder panic, or that encodes to something else than it was.
func FuzzDecodePayload(f *testing.F) {
	for _, seed := range []string{"4hello\x1ebAQIDBA==", "0{}", "1", "2probe", "3", "5", "6", "b", "\x1e", "4\x1e\x1e"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var frames []Frame
		for p, err := range decodePayload(body) {
			if err != nil {
				return
			}
			if p.binary {
				frames = append(frames, Binary(p.data))
			} else {
				frames = append(frames, control(string(p.kind)+string(p.data)))
			}
		}
		require.Equal(t, string(body), string(payload(frames)))
	})
}

func TestPayload(t *testing.T) {
	t.Parallel()
	require.Equal(t, "4hello\x1ebAQIDBA==\x1e2", string(payload([]Frame{
		Text([]byte("hello")), Binary([]byte{1, 2, 3, 4}), control("2"),
	})))
}
