// Command coverage prints how many lines of each room the tests ran, and fails when a room has less than the least.
//
//	coverage -go bin/coverage.out -web bin/coverage/coverage-summary.json -least 85 domain projections
//
// It reads what a test run has written and runs no tests itself. Where nothing was written, nothing was covered.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"golang.org/x/tools/cover"
)

func main() {
	goProfile := flag.String("go", "", "profile of go test")
	webSummary := flag.String("web", "", "json-summary of vitest")
	least := flag.Float64("least", 0, "percent of lines that each room must have")
	flag.Parse()
	enough, err := report(os.Stdout, *goProfile, *webSummary, *least, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
	}
	if err != nil || !enough {
		os.Exit(1)
	}
}

// report writes a line for each room and one for the web, and tells whether all have at least the least.
func report(out io.Writer, goProfile, webSummary string, least float64, rooms []string) (enough bool, err error) {
	profiles, goErr := cover.ParseProfiles(goProfile)
	sums, err := goLines(profiles, os.DirFS("."), rooms)
	if err != nil {
		return false, err
	}
	var webErr error
	sums["web"], webErr = webLines(webSummary)
	return table(out, sums, append(rooms, "web"), least), errors.Join(goErr, webErr)
}

func table(out io.Writer, sums map[string]lines, rooms []string, least float64) (enough bool) {
	fmt.Fprintf(out, "lines covered by tests, at least %v %% of each:\n", least)
	enough = true
	for _, room := range rooms {
		sum, verdict := sums[room], ""
		if sum.percent() < least {
			enough, verdict = false, "  TOO FEW"
		}
		fmt.Fprintf(out, "  %-12s %5.1f %%  %5d of %5d%s\n", room, sum.percent(), sum.covered, sum.total, verdict)
	}
	return enough
}

// webLines reads what vitest measured.
func webLines(summary string) (lines, error) {
	content, err := os.ReadFile(summary)
	if err != nil {
		return lines{}, err
	}
	var measured struct {
		Total struct {
			Lines struct{ Covered, Total int }
		}
	}
	err = json.Unmarshal(content, &measured)
	return lines{covered: measured.Total.Lines.Covered, total: measured.Total.Lines.Total}, err
}
