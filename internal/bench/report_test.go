package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestReport_KeepsWhatItPrints(t *testing.T) {
	t.Parallel()
	r := newReport(time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC))
	r.Commit, r.Go, r.CPUs = "abc", "go1", 2
	r.begin("reads")
	r.under("%d MOCs", 10)
	r.ratio("warm / floor", 0.7, atLeast(0.8))
	r.begin("paint")
	r.latency("painted", latencies{100 * time.Millisecond}, atMost(2000), atMost(99).ours())
	file := filepath.Join(t.TempDir(), "bench.json")
	require.NoError(t, r.write(file))
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.JSONEq(t, `{"time": "2026-01-02T03:04:05Z", "commit": "abc", "go": "go1", "cpus": 2, "sections": [
		{"name": "reads", "figures": [{"topic": "10 MOCs", "name": "warm / floor", "value": 0.7,
			"limits": [{"whose": "required", "kind": "at least", "value": 0.8, "ok": false}]}]},
		{"name": "paint", "figures": [
			{"name": "painted, p50", "value": 100, "unit": "ms"},
			{"name": "painted, p95", "value": 100, "unit": "ms", "limits": [
				{"whose": "required", "kind": "at most", "value": 2000, "ok": true},
				{"whose": "ours", "kind": "at most", "value": 99, "ok": false}]},
			{"name": "painted, p99", "value": 100, "unit": "ms"}]}]}`, string(written))
}

func TestLimit_IsMetAtItsValue(t *testing.T) {
	t.Parallel()
	require.True(t, atLeast(2).judge(2).OK)
	require.False(t, atLeast(2).judge(1.99).OK)
	require.True(t, atMost(2).judge(2).OK)
	require.False(t, atMost(2).judge(2.01).OK)
}

func TestLatencies_Percentile(t *testing.T) {
	t.Parallel()
	var l latencies
	require.Zero(t, l.percentile(0.95))
	for n := 100; n > 0; n-- {
		l = append(l, time.Duration(n)*time.Millisecond)
	}
	require.Equal(t, 51*time.Millisecond, l.percentile(0.50))
	require.Equal(t, 96*time.Millisecond, l.percentile(0.95))
	require.Equal(t, 100*time.Millisecond, l.percentile(1))
}
