package main

import (
	"fmt"
	"time"

	"github.com/brickboard/brickboard/projections"
)

// meter shows progress on a terminal.
type meter struct {
	p       *program
	on      bool
	started time.Time
	shown   time.Time
}

const meterInterval = 200 * time.Millisecond

func (p *program) meter() *meter {
	return &meter{p: p, on: isTerminal(p.stderr), started: time.Now()}
}

func (m *meter) show(at projections.Progress) {
	if !m.on || time.Since(m.shown) < meterInterval {
		return
	}
	m.shown = time.Now()
	left := "?"
	if at.Rows > 0 {
		left = (time.Duration(float64(m.shown.Sub(m.started)) * float64(at.TotalRows-at.Rows) / float64(at.Rows))).Round(time.Second).String()
	}
	fmt.Fprintf(m.p.stderr, "\r\033[K%d of %d collectors, %.0f rows/s, %s left", at.Collectors, at.TotalCollectors,
		float64(at.Rows)/m.seconds(), left)
}

func (m *meter) end() {
	if m.on {
		fmt.Fprint(m.p.stderr, "\r\033[K")
	}
}

func (m *meter) seconds() float64 { return time.Since(m.started).Seconds() }
