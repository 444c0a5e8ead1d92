package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestRun_RefusesADatabaseThatIsNotUTF8(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	conn := connect(t, url)
	other := conn.Config().Database + "_ascii"
	execute(t, conn, "CREATE DATABASE "+other+" TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'")
	defer execute(t, conn, "DROP DATABASE "+other+" WITH (FORCE)")
	ascii := strings.Replace(url, conn.Config().Database, other, 1)
	for _, args := range [][]string{{"serve", "--jwt-secret", secretForTests}, {"migrate", "up"}, {"doctor"}, {"dead-letters", "list"}} {
		out, stderr, status := runOnce(t, append(args, "--database-url", ascii)...)
		require.Equal(t, 1, status, args)
		require.Contains(t, out+stderr, "encoding SQL_ASCII", args)
		require.Contains(t, out+stderr, "ENCODING 'UTF8'", args)
	}
}
