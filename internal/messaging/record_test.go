package messaging

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func batchOfAllKinds() []Record {
	return []Record{
		{UUID: "a", Metadata: []byte(`{"k":"v"}`), Payload: []byte(`{"n":1}`)},
		{UUID: "b"},
		{UUID: "", Metadata: []byte{}, Payload: []byte{}},
		{UUID: "c", Metadata: []byte("null"), Payload: []byte{0, 0xff, 0x80}},
		{UUID: "d", Payload: bytes.Repeat([]byte("x"), 200)},
	}
}

func TestDecodeBatch(t *testing.T) {
	t.Parallel()

	t.Run("IsWhatWasEncoded", func(t *testing.T) {
		t.Parallel()
		records, err := DecodeBatch(EncodeBatch(batchOfAllKinds()))
		require.NoError(t, err)
		require.Equal(t, batchOfAllKinds(), records)
	})

	t.Run("Empty", func(t *testing.T) {
		t.Parallel()
		records, err := DecodeBatch(EncodeBatch(nil))
		require.NoError(t, err)
		require.Empty(t, records)
	})

	t.Run("RefusesEveryOtherLength", func(t *testing.T) {
		t.Parallel()
		batch := EncodeBatch(batchOfAllKinds()[:4])
		for end := range batch {
			_, err := DecodeBatch(batch[:end])
			require.Error(t, err, "%d of %d bytes", end, len(batch))
		}
		_, err := DecodeBatch(append(batch, 0))
		require.Error(t, err)
	})

	t.Run("RefusesHugeNumbers", func(t *testing.T) {
		t.Parallel()
		huge := []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}
		for _, batch := range [][]byte{huge, append(huge, 1, 1, 1), append([]byte{1}, huge...), append([]byte{1, 0, 0}, huge...)} {
			_, err := DecodeBatch(batch)
			require.ErrorIs(t, err, errBatchCut)
		}
	})

	t.Run("FieldsCannotGrowIntoEachOther", func(t *testing.T) {
		t.Parallel()
		records, err := DecodeBatch(EncodeBatch(batchOfAllKinds()))
		require.NoError(t, err)
		_ = append(records[0].Metadata, "overwritten"...)
		require.Equal(t, batchOfAllKinds()[0].Payload, records[0].Payload)
	})
}

func FuzzDecodeBatch(f *testing.F) {
	f.Add(EncodeBatch(batchOfAllKinds()))
	f.Add(EncodeBatch(nil))
	f.Add([]byte{0xff, 0xff, 0x03})
	f.Fuzz(func(t *testing.T, batch []byte) {
		records, err := DecodeBatch(batch)
		if err != nil {
			return
		}
		require.LessOrEqual(t, fieldsOfRecord*len(records), len(batch))
		again, err := DecodeBatch(EncodeBatch(records))
		require.NoError(t, err)
		require.Equal(t, records, again)
	})
}
