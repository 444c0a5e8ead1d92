package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/tools/cover"
)

const module = "github.com/brickboard/brickboard/"

// lines are how many lines of code there are, and how many of them ran.
type lines struct{ covered, total int }

// percent is 0 where there is no code: a room that is empty, or misspelt, is not covered.
func (l lines) percent() float64 {
	if l.total == 0 {
		return 0
	}
	return 100 * float64(l.covered) / float64(l.total)
}

// goLines counts each room's lines in a Go profile, with those of all folders below it. Generated files are left out;
// sources are read from root, the folder of the module.
//
// Go's own unit is the block of statements. A line counts if a block is on it, and is covered if one of its blocks ran.
func goLines(profiles []*cover.Profile, root fs.FS, rooms []string) (map[string]lines, error) {
	sums := map[string]lines{}
	for _, profile := range profiles {
		name := strings.TrimPrefix(profile.FileName, module)
		generated, err := isGenerated(root, name)
		if err != nil {
			return nil, err
		}
		if generated {
			continue
		}
		of := fileLines(profile)
		for _, room := range rooms {
			if strings.HasPrefix(path.Dir(name)+"/", room+"/") {
				sums[room] = lines{sums[room].covered + of.covered, sums[room].total + of.total}
			}
		}
	}
	return sums, nil
}

func fileLines(profile *cover.Profile) lines {
	ran := map[int]bool{}
	for _, block := range profile.Blocks {
		for line := block.StartLine; line <= block.EndLine; line++ {
			ran[line] = ran[line] || block.Count > 0
		}
	}
	sum := lines{total: len(ran)}
	for _, yes := range ran {
		if yes {
			sum.covered++
		}
	}
	return sum
}

func isGenerated(root fs.FS, name string) (bool, error) {
	source, err := fs.ReadFile(root, name)
	if err != nil {
		return false, fmt.Errorf("read a covered file: %w", err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		return false, fmt.Errorf("parse a covered file: %w", err)
	}
	return ast.IsGenerated(file), nil
}
