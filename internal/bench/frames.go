package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
)

// frames measures, in a browser, how smooth the page is while 100 updates come in 5 seconds over a list of 1,000 rows: it
// runs the test of that, which notes what it sees. Beside it, the longest frame while nothing happens.
func frames(ctx context.Context, b *bench) error {
	var shift, longest, idle []float64
	for range min(b.turns, 3) {
		seen, err := crowdedPage(ctx)
		if err != nil {
			return err
		}
		shift, longest, idle = append(shift, seen["shift"]), append(longest, seen["longest"]), append(idle, seen["idle"])
	}
	b.figure("layout shift", median(shift), "", atMost(0.01))
	b.figure("longest frame", median(longest), "ms", atMost(100))
	b.figure("longest frame of the page at rest", median(idle), "ms")
	return nil
}

// crowdedPage runs the test once.
func crowdedPage(ctx context.Context) (map[string]float64, error) {
	cmd := exec.CommandContext(ctx, "npx", "playwright", "test", "--project=crowded", "--reporter=json")
	cmd.Dir = "web"
	out, err := cmd.Output()
	var result testSuite
	if decoded := json.Unmarshal(out, &result); decoded != nil {
		return nil, fmt.Errorf("run the test of a crowded page: %w", errors.Join(err, decoded))
	}
	seen := map[string]float64{}
	result.note(seen)
	if len(seen) == 0 {
		return nil, fmt.Errorf("the test of a crowded page noted nothing: %w", err)
	}
	return seen, nil
}

// testSuite is as much of Playwright's report as holds a test's notes.
type testSuite struct {
	Suites []testSuite
	Specs  []struct {
		Tests []struct {
			Annotations []struct{ Type, Description string }
		}
	}
}

func (s testSuite) note(seen map[string]float64) {
	for _, inner := range s.Suites {
		inner.note(seen)
	}
	for _, spec := range s.Specs {
		for _, test := range spec.Tests {
			for _, a := range test.Annotations {
				if value, err := strconv.ParseFloat(a.Description, 64); err == nil {
					seen[a.Type] = value
				}
			}
		}
	}
}
