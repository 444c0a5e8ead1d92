// Command generated writes generated.sum: the hash of everything that code is generated from and of what was
// generated. Its test holds the checkout against it, so that a test run notices drift without building the generators;
// `make lint` runs them and compares for real.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
)

// sumFile is in the root of the repository.
const sumFile = "generated.sum"

// patterns name the sources and the results, from the root.
func patterns() []string {
	return []string{
		"migrations/*.sql", "queries/*.sql", "queries/sqlc.yaml", "queries/*.sql.go", "queries/batch.go", "queries/db.go",
		"queries/models.go", "transport/rest/openapi.yaml", "transport/rest/oapi-codegen.yaml", "transport/rest/oapi-overlay.yaml",
		"transport/rest/*.gen.go",
		"tools/go.mod",
	}
}

func main() {
	sum, err := Sum(os.DirFS("."))
	if err == nil {
		err = os.WriteFile(sumFile, []byte(sum+"\n"), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "generated:", err)
		os.Exit(1)
	}
}

// Sum hashes names and contents, in the order of the names.
func Sum(root fs.FS) (string, error) {
	var names []string
	for _, pattern := range patterns() {
		found, err := fs.Glob(root, pattern)
		if err != nil {
			return "", err
		}
		names = append(names, found...)
	}
	slices.Sort(names)
	hash := sha256.New()
	for _, name := range slices.Compact(names) {
		content, err := fs.ReadFile(root, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(hash, "%s %d\n", path.Clean(name), len(content))
		hash.Write(content)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
