package readmodel

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"sync"
)

// compressAbove is the size in bytes from which an answer is worth compressing.
const compressAbove = 4 << 10

// Snapshot is a collector's view, encoded, at one state. It is shared: nobody changes it.
type Snapshot struct {
	State
	JSON []byte // a DashboardView

	compress func() []byte
}

func newSnapshot(state State, view DashboardView, c *compressor) (*Snapshot, error) {
	rows := 3 + len(view.ThemeBreakdown) + len(view.RecentMOCs) + len(view.PartialPartsMOCs)
	encoded, err := appendView(make([]byte, 0, rows*rowSize), view)
	if err != nil {
		return nil, fmt.Errorf("encode view: %w", err)
	}
	return &Snapshot{State: state, JSON: encoded, compress: sync.OnceValue(func() []byte { return c.gzipped(encoded) })}, nil
}

// Gzip is the JSON compressed, once for all who ask; nil when it is at most 4 KiB, which is not worth it.
func (s *Snapshot) Gzip() []byte {
	if len(s.JSON) <= compressAbove {
		return nil
	}
	return s.compress()
}

// compressor keeps what compresses, which is large, for the next time. The zero value is ready.
type compressor struct{ idle sync.Pool }

func (c *compressor) gzipped(plain []byte) []byte {
	var b bytes.Buffer
	w, ok := c.idle.Get().(*gzip.Writer)
	if !ok {
		w = gzip.NewWriter(nil)
	}
	defer c.idle.Put(w)
	w.Reset(&b)
	_, _ = w.Write(plain) // a Buffer does not fail
	_ = w.Close()
	return b.Bytes()
}
