package socketio

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEncode(t *testing.T) {
	t.Parallel()
	type moc struct {
		Title string `json:"title"`
	}
	for want, m := range map[string]Message{
		`2["a"]`:                                {Namespace: "/", Name: "a"},
		`2/dashboard,["a",{"title":"<&>"},"x"]`: {Namespace: "/dashboard", Name: "a", Args: []any{moc{"<&>"}, "x"}},
		`2/n,7["a"]`:                            {Namespace: "/n", Name: "a", AckID: id(7)},
		`37[]`:                                  {Namespace: "/", AckID: id(7)},
		`3/n,7[1]`:                              {Namespace: "/n", AckID: id(7), Args: []any{1}},
		`51-["a",{"_placeholder":true,"num":0}]`: {
			Namespace: "/", Name: "a", Args: []any{raw(`{"_placeholder":true,"num":0}`)[0]}, Attachments: [][]byte{{1}},
		},
		`62-/n,7["x"]`: {Namespace: "/n", AckID: id(7), Args: []any{"x"}, Attachments: [][]byte{{1}, {2}}},
	} {
		text, err := encodeText(m.packet())
		require.NoError(t, err)
		require.Equal(t, want, string(text))
		frame, err := m.Encode()
		require.NoError(t, err)
		require.Equal(t, 1+len(m.Attachments), frame.Packets())
		require.Equal(t, 1+len(text)+len(m.Attachments), frame.Size())
	}
	_, err := EncodeEvent("/", "a", func() {})
	require.Error(t, err)
}
