package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// report prints what is measured, and keeps it, to be compared with that of other times.
type report struct {
	Time     time.Time  `json:"time"`
	Commit   string     `json:"commit"`
	Go       string     `json:"go"`
	CPUs     int        `json:"cpus"`
	Sections []*chapter `json:"sections"`
}

// chapter is a section's figures.
type chapter struct {
	Name    string   `json:"name"`
	Figures []figure `json:"figures"`

	topic string // of those that come
}

// figure is a number that was measured. Names are its own within a topic, but where each turn gives one.
type figure struct {
	Topic  string  `json:"topic,omitempty"`
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit,omitempty"` // none: a ratio
	Limits []limit `json:"limits,omitempty"`
}

// limit is what a figure has to keep to.
type limit struct {
	Whose string  `json:"whose"` // required, or ours: one that we hold ourselves to beyond that
	Kind  string  `json:"kind"`  // at most, or at least
	Value float64 `json:"value"`
	OK    bool    `json:"ok"`
}

func atLeast(value float64) limit { return limit{Whose: "required", Kind: "at least", Value: value} }
func atMost(value float64) limit  { return limit{Whose: "required", Kind: "at most", Value: value} }

func (l limit) ours() limit {
	l.Whose = "ours"
	return l
}

func (l limit) judge(value float64) limit {
	l.OK = l.Kind == "at least" && value >= l.Value || l.Kind == "at most" && value <= l.Value
	return l
}

func (l limit) String() string {
	verdict := "MISSED"
	if l.OK {
		verdict = "ok"
	}
	return fmt.Sprintf("%s: %s %g %s", l.Whose, l.Kind, l.Value, verdict)
}

func newReport(now time.Time) *report {
	return &report{Time: now.UTC().Truncate(time.Second), Commit: commit(), Go: runtime.Version(), CPUs: runtime.NumCPU()}
}

// commit is that of the checkout, with "-dirty" where files were changed since; empty where there is none.
func commit() string {
	out, _ := exec.Command("git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*").Output()
	return strings.TrimSpace(string(out))
}

// begin is before a section's figures.
func (r *report) begin(section string) {
	fmt.Printf("\n%s\n", section)
	r.Sections = append(r.Sections, &chapter{Name: section})
}

// under says what the figures that come were measured of, up to the end of the section.
func (r *report) under(format string, args ...any) {
	topic := fmt.Sprintf(format, args...)
	fmt.Printf("  %s\n", topic)
	r.Sections[len(r.Sections)-1].topic = topic
}

// figure is what was measured, beside what it has to keep to.
func (r *report) figure(name string, value float64, unit string, limits ...limit) {
	limits = r.keep(name, value, unit, limits)
	r.print(name, number(value)+" "+unit, limits)
}

// ratio is a figure beside another.
func (r *report) ratio(name string, value float64, limits ...limit) {
	r.figure(name, value, "", limits...)
}

// latency is a figure for each of three percentiles. The limits, in milliseconds, are those of the second.
func (r *report) latency(name string, l latencies, limits ...limit) {
	r.keep(name+", p50", l.milliseconds(0.50), "ms", nil)
	limits = r.keep(name+", p95", l.milliseconds(0.95), "ms", limits)
	r.keep(name+", p99", l.milliseconds(0.99), "ms", nil)
	r.print(name, l.String(), limits)
}

func (r *report) keep(name string, value float64, unit string, limits []limit) []limit {
	judged := make([]limit, len(limits))
	for i, l := range limits {
		judged[i] = l.judge(value)
	}
	in := r.Sections[len(r.Sections)-1]
	in.Figures = append(in.Figures, figure{in.topic, name, value, unit, judged})
	return judged
}

func (r *report) print(name, value string, limits []limit) {
	words := make([]string, len(limits))
	for i, l := range limits {
		words[i] = l.String()
	}
	fmt.Println(strings.TrimRight(fmt.Sprintf("  %-58s %-18s %s", name, value, strings.Join(words, ", ")), " "))
}

// number has three digits that count, and all before the point.
func number(value float64) string {
	switch {
	case value >= 100:
		return fmt.Sprintf("%8.0f", value)
	case value >= 10:
		return fmt.Sprintf("%8.1f", value)
	}
	return fmt.Sprintf("%8.2f", value)
}

// write writes all to a file, as JSON.
func (r *report) write(file string) error {
	encoded, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the report: %w", err)
	}
	return os.WriteFile(file, append(encoded, '\n'), 0o644)
}
