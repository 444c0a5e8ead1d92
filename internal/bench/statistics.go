package main

import (
	"fmt"
	"slices"
	"time"
)

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

func (l latencies) milliseconds(p float64) float64 {
	return float64(l.percentile(p).Microseconds()) / 1000
}

func (l latencies) String() string {
	return fmt.Sprintf("p50 %.1f  p95 %.1f  p99 %.1f ms  (%d)", l.milliseconds(0.50), l.milliseconds(0.95), l.milliseconds(0.99), len(l))
}
