package house

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const root = "../.."

// docs/acceptance.md names for every criterion the tests that prove it. What it names is there.
func TestAcceptance_EveryCriterionHasItsProof(t *testing.T) {
	t.Parallel()
	var wrong []string
	criteria := 0
	for _, line := range strings.Split(read(t, "docs/acceptance.md"), "\n") {
		if !strings.HasPrefix(line, "| ") || line == "| criterion | proof |" {
			continue
		}
		criteria++
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		require.Len(t, cells, 2, line)
		proofs := strings.Split(cells[1], "<br>")
		require.LessOrEqual(t, len(proofs), 3, line)
		for _, proof := range proofs {
			if why := refute(t, proof); why != "" {
				wrong = append(wrong, fmt.Sprintf("%s: %s", cells[0], why))
			}
		}
	}
	require.Greater(t, criteria, 100)
	require.Empty(t, wrong, strings.Join(wrong, "\n"))
}

func TestAcceptance_NoticesAProofThatIsMissing(t *testing.T) {
	t.Parallel()
	for _, proof := range []string{
		"", "in prose", "`domain`", "`domain TestNoSuch`", "`nowhere TestParts_Coverage`", "`domain TestParts_Coverage/NoSuch`",
		"`domain TestParts_Coverage/Good`", // is there, in another test
		"`web/src/lib/live/apply-envelope.test.ts no such test`", "`web/no-such.test.ts takes %s`",
		"`web/e2e/features/no-such.feature Anything`", "`make nothing`", "`make bench nothing`",
	} {
		require.NotEmpty(t, refute(t, proof), proof)
	}
	for _, proof := range []string{
		"`domain TestParts_Coverage/OneShort`", "`web/src/lib/live/apply-envelope.test.ts takes %s`", "`make lint`", "`make bench reads`",
	} {
		require.Empty(t, refute(t, proof), proof)
	}
}

// refute says what a proof names that is not there; "" where all of it is. A proof is a place and a name in it: `folder
// TestName/Subtest`, `file.test.ts name`, `file.feature scenario`, `make target`, `make bench section`.
func refute(t *testing.T, proof string) string {
	t.Helper()
	parts := regexp.MustCompile("^`(\\S+) ([^`]+)`$").FindStringSubmatch(proof)
	if parts == nil {
		return fmt.Sprintf("%q is no proof: name a place and a test in it", proof)
	}
	place, name := parts[1], parts[2]
	found := false
	switch {
	case place == "make":
		target, section, _ := strings.Cut(name, " ")
		found = regexp.MustCompile(`(?m)^`+target+`:`).MatchString(read(t, "Makefile")) &&
			(section == "" || strings.Contains(read(t, "internal/bench/*.go"), `{"`+section+`", `))
	case strings.HasSuffix(place, ".feature"):
		found = regexp.MustCompile(`(?m)^\s*Scenario( Outline)?: ` + regexp.QuoteMeta(name) + `\s*$`).MatchString(read(t, place))
	case strings.HasPrefix(place, "web/"):
		found = regexp.MustCompile("['\"`]" + regexp.QuoteMeta(name) + "['\"`]").MatchString(read(t, place))
	default:
		found = goTest(read(t, place+"/*_test.go"), name)
	}
	if !found {
		return place + " has no " + name
	}
	return ""
}

// goTest says whether the source has the test, and in it the literal of the subtest, where one is named.
func goTest(source, name string) bool {
	test, subtest, named := strings.Cut(name, "/")
	_, body, found := strings.Cut(source, "func "+test+"(")
	body, _, _ = strings.Cut(body, "\n}\n")
	return found && (!named || strings.Contains(body, `"`+subtest+`"`))
}

// read is the text of the files that match, from the root of the repository; "" of none.
func read(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pattern))
	require.NoError(t, err)
	var text strings.Builder
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		text.Write(content)
	}
	return text.String()
}
