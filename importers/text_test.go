package importers_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/importers"
)

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var file bytes.Buffer
	gz := gzip.NewWriter(&file)
	_, err := io.WriteString(gz, text)
	require.NoError(t, err)
	require.NoError(t, gz.Close())
	return file.Bytes()
}

func TestFiles_Gzipped(t *testing.T) {
	t.Parallel()
	list, err := importers.BrickLinkWantedList(bytes.NewReader(gzipped(t, "\ufeff"+inventory(lot("4", "1")))))
	require.NoError(t, err)
	require.Equal(t, importers.PartsList{Total: 4, Owned: 1, Lots: 1}, list)

	sets, err := importers.BricksetSets(bytes.NewReader(gzipped(t, bricksetHeader+line("6080-1", "Castle", "King's Castle", "1"))))
	require.NoError(t, err)
	require.Equal(t, []domain.SetDraft{owned("6080-1", "King's Castle", "Castle", 1)}, sets.Sets)
}

func TestFiles_GzipDamaged(t *testing.T) {
	t.Parallel()
	var lots []string
	for range 500 {
		lots = append(lots, lot("4", "1"))
	}
	whole := gzipped(t, inventory(lots...))
	changed := bytes.Clone(whole)
	changed[len(changed)-5]++ // the checksum is in the last eight bytes
	for name, file := range map[string][]byte{
		"CutInHeader": whole[:6], "CutInside": whole[:len(whole)/2], "CutInChecksum": whole[:len(whole)-3],
		"Changed": changed, "MoreAfterIt": append(bytes.Clone(whole), "garbage"...), "OnlyMagic": []byte("\x1f\x8b"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := importers.BrickLinkWantedList(bytes.NewReader(file))
			require.EqualError(t, err, "the gzip file is damaged or was cut off: download it again")
		})
	}
}

func TestFiles_TooLong(t *testing.T) {
	t.Parallel()
	const limit = 8 << 20
	full := func(text string, size int) string { return text + strings.Repeat("\n", size-len(text)) }
	list := inventory(lot("4", "1"))
	table := bricksetHeader + line("6080-1", "Castle", "King's Castle", "1")

	_, err := importers.BrickLinkWantedList(strings.NewReader(full(list, limit)))
	require.NoError(t, err)
	_, err = importers.BricksetSets(strings.NewReader(full(table, limit)))
	require.NoError(t, err)

	const tooLong = "the file has more than 8 MiB of text: is it the right one?"
	_, err = importers.BrickLinkWantedList(strings.NewReader(full(list, limit+1)))
	require.EqualError(t, err, tooLong)
	_, err = importers.BrickLinkWantedList(bytes.NewReader(gzipped(t, full(list, limit+1))))
	require.EqualError(t, err, tooLong)
	_, err = importers.BricksetSets(strings.NewReader(full(table, limit+1)))
	require.EqualError(t, err, tooLong)
}

// A reader that fails is not the file's fault, and must not look like its end.
func TestFiles_ReaderFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	for name, start := range map[string]string{
		"AtOnce": "", "InList": "<INVENTORY>" + lot("4", "1"), "AfterList": inventory(lot("4", "1")),
		"LaterInList": "<INVENTORY>" + strings.Repeat(lot("4", "1"), 100),
		"InTable":     bricksetHeader + line("6080-1", "Castle", "King's Castle", "1"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := func() io.Reader { return io.MultiReader(strings.NewReader(start), iotest.ErrReader(broken)) }
			if !strings.HasPrefix(start, "Number") {
				_, err := importers.BrickLinkWantedList(read())
				require.ErrorIs(t, err, broken)
				return
			}
			_, err := importers.BricksetSets(read())
			require.ErrorIs(t, err, broken)
		})
	}
}

func TestRowError_Message(t *testing.T) {
	t.Parallel()
	require.EqualError(t, &importers.RowError{Line: 12, Row: 2, Reason: "MINQTY is missing"}, "line 12 (row 2): MINQTY is missing")
	require.EqualError(t, &importers.RowError{Line: 12, Reason: "it ends"}, "line 12: it ends")
}
