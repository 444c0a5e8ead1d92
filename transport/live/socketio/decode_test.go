package socketio

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func id(n uint64) *uint64 { return &n }

func raw(texts ...string) []json.RawMessage {
	args := []json.RawMessage{}
	for _, text := range texts {
		args = append(args, json.RawMessage(text))
	}
	return args
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]packet{
		`0`:                        {kind: typeConnect, namespace: "/"},
		`0{"a":1}`:                 {kind: typeConnect, namespace: "/", payload: json.RawMessage(`{"a":1}`)},
		`0/dashboard`:              {kind: typeConnect, namespace: "/dashboard"},
		`0/dashboard,{}`:           {kind: typeConnect, namespace: "/dashboard", payload: json.RawMessage(`{}`)},
		`1`:                        {kind: typeDisconnect, namespace: "/"},
		`1/dashboard,`:             {kind: typeDisconnect, namespace: "/dashboard"},
		`2["a"]`:                   {kind: typeEvent, namespace: "/", name: "a", args: raw()},
		`2["a",1.50,{"b":[null]}]`: {kind: typeEvent, namespace: "/", name: "a", args: raw(`1.50`, `{"b":[null]}`)},
		`2[7,"x"]`:                 {kind: typeEvent, namespace: "/", name: "7", args: raw(`"x"`)},
		`2/n,12["a"]`:              {kind: typeEvent, namespace: "/n", ackID: id(12), name: "a", args: raw()},
		`20["a"]`:                  {kind: typeEvent, namespace: "/", ackID: id(0), name: "a", args: raw()},
		`39007199254740991[]`:      {kind: typeAck, namespace: "/", ackID: id(maxAckID), args: raw()},
		`52-["a",{"_placeholder":true,"num":1}]`: {
			kind: typeBinaryEvent, attachments: 2, namespace: "/", name: "a", args: raw(`{"_placeholder":true,"num":1}`),
		},
		`61-/n,3[{"x":[{"_placeholder":true,"num":0}]}]`: {
			kind: typeBinaryAck, attachments: 1, namespace: "/n", ackID: id(3),
			args: raw(`{"x":[{"_placeholder":true,"num":0}]}`),
		},
	} {
		got, err := decode([]byte(text), 10)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

func TestDecode_Malformed(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		``, `7`, `x`, `-1`, `abc`,
		`0[]`, `0"a"`, `0null`, `05`, `0{"a":1`, `0{} x`,
		`1{}`, `1[]`, `15`, `1/n,x`,
		`2`, `2{}`, `2[]`, `2"a"`, `2null`, `2[null]`, `2[{}]`, `2[[]]`, `2["a"`, `2["a"]x`, `2 ["a",]`, `2abc["a"]`,
		`2["connect"]`, `2["connect_error"]`, `2["disconnect"]`, `2["disconnecting"]`, `2["newListener"]`,
		`2["removeListener"]`, `2["disconn\u0065ct"]`,
		`29007199254740992["a"]`, `299999999999999999999999["a"]`, `2-1["a"]`,
		`3[]`, `31{}`, `31`, `31null`,
		`4{"message":"x"}`, `4`,
		`5["a"]`, `5-["a"]`, `50-["a"]`, `511-["a"]`, `599999-["a"]`, `5-1-["a"]`, `51.5-["a"]`, `51["a"]`, `51-`,
		`6-1[]`, `61-[]`,
		`51-["a",{"_placeholder":true,"num":1}]`, `51-["a",{"_placeholder":true,"num":-1}]`,
		`51-["a",[{"b":{"_placeholder":true,"num":0.5}}]]`, `51-["a",{"_placeholder":true}]`,
		`51-["a",{"_placeholder":true,"num":"0"}]`, `51-["a",{"_placeholder":true,"num":1e300}]`,
		`51-["a",{"\u005fplaceholder":true,"num":1}]`,
		`0/` + strings.Repeat("n", maxNamespace),
	} {
		_, err := decode([]byte(text), 10)
		require.Error(t, err, text)
	}
}

func TestDecode_Deep(t *testing.T) {
	t.Parallel()
	deep := `51-["a","_placeholder",` + strings.Repeat("[", 500_000) + strings.Repeat("]", 500_000) + `]`
	_, err := decode([]byte(deep), 10)
	require.Error(t, err)
}

// FuzzDecode looks for a packet that makes the decoder panic, or that is another one after it is encoded again.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`0`, `0/dashboard,{"token":"t"}`, `1/n,`, `2/n,12["a",{"b":1}]`, `31["x"]`, `4{"message":"m"}`,
		`52-["a",{"_placeholder":true,"num":1}]`, `61-/n,3[{"_placeholder":true,"num":0}]`, `2[7]`, `2["a"]x`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := decode(text, 10)
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(p.namespace), maxNamespace)
		require.LessOrEqual(t, p.attachments, 10)
		again, err := decode(reencode(t, p), 10)
		require.NoError(t, err)
		require.Equal(t, p.kind, again.kind)
		require.Equal(t, p.namespace, again.namespace)
		require.Equal(t, p.ackID, again.ackID)
		require.Len(t, again.args, len(p.args))
	})
}

func reencode(t *testing.T, p packet) []byte {
	t.Helper()
	var body any
	switch {
	case p.payload != nil:
		body = p.payload
	case p.kind.event() && json.Valid([]byte(p.name)) && leadingDigits([]byte(p.name)) > 0:
		body = append(raw(p.name), p.args...)
	case p.kind.event():
		name, err := json.Marshal(p.name)
		require.NoError(t, err)
		body = append(raw(string(name)), p.args...)
	case p.kind.ack():
		body = p.args
	}
	text, err := encodeText(p, body)
	require.NoError(t, err)
	return text
}
