package main

import (
	"fmt"
	"slices"
	"time"
)

// figure prints what was measured.
func figure(name string, format string, args ...any) {
	fmt.Printf("  %-58s %s\n", name, fmt.Sprintf(format, args...))
}

// atLeast prints a ratio beside what it has to reach.
func atLeast(name string, ratio, required float64) {
	fmt.Printf("  %-58s %8.2f   required: at least %-6g %s\n", name, ratio, required, verdict(ratio >= required))
}

// atMost prints a ratio beside what it must not exceed.
func atMost(name string, ratio, required float64) {
	fmt.Printf("  %-58s %8.2f   required: at most %-7g %s\n", name, ratio, required, verdict(ratio <= required))
}

func verdict(ok bool) string {
	if ok {
		return "ok"
	}
	return "MISSED"
}

// median is of an odd number of values, or the upper one of the two in the middle.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// ratios divides turn by turn, and takes the median.
func ratios(of, floor []float64) float64 {
	each := make([]float64, len(of))
	for i := range of {
		each[i] = of[i] / floor[i]
	}
	return median(each)
}

// latencies are samples of one kind.
type latencies []time.Duration

// percentile p is between 0 and 1; 0 without samples.
func (l latencies) percentile(p float64) time.Duration {
	if len(l) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(l))
	return sorted[min(len(sorted)-1, int(p*float64(len(sorted))))]
}

func (l latencies) String() string {
	ms := func(p float64) float64 { return float64(l.percentile(p).Microseconds()) / 1000 }
	return fmt.Sprintf("p50 %.1f  p95 %.1f  p99 %.1f ms  (%d)", ms(0.50), ms(0.95), ms(0.99), len(l))
}
