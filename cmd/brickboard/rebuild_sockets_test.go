package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// Whatever a rebuild found, who looks at a mended collector is told all of it, whole, once; who looks at one that was
// right, nothing.
func TestRebuild_OpenSessionsAreToldOnce(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	p := startServer(t, "--database-url", url, "--poll-interval", "1h")
	var clients [2]client
	var sockets [2][2]*socket // by collector and protocol
	for n, name := range []string{"ada", "bob"} {
		c := p.as(t, name)
		c.add(t, "mocs", aMOC)
		c.add(t, "sets", aSet)
		c.eventually(t, func(d dashboard) bool { return len(d.ThemeBreakdown) == 2 && len(d.PartialPartsMocs) == 1 })
		clients[n], sockets[n] = c, [2]*socket{c.plain(t, "?deltas=1"), c.socketIO(t, map[string]any{"token": c.token, "deltas": true})}
	}
	ada := clients[0]
	pages := [2]*view{ada.load(t), ada.load(t)}
	conn := connect(t, url)
	var told []string
	var rounds [2]time.Time
	for round := range rounds {
		execute(t, conn, "UPDATE theme_stats SET moc_count = 7 WHERE user_id = 'ada' AND theme = 'Castle'")
		require.Equal(t, "2 collectors: 1 were right, 1 were mended; 1 rows differed\n", tool(t, url, 0, "rebuild-projections"))
		told = append(told, "summaryUpdated", "themeBreakdownUpdated", "recentMocsUpdated", "partialPartsUpdated")
		for n, s := range sockets[0] {
			envelopes := s.await(t, len(told))
			require.Equal(t, told, s.types(), "no difference reaches back across it")
			pages[n].sections = map[string]any{}
			pages[n].follow(t, envelopes)
			require.Equal(t, ada.load(t).sections, pages[n].sections)
		}
		rounds[round] = time.Now()
	}
	require.Less(t, rounds[1].Sub(rounds[0]), 9*time.Second, "found by the comparison, every ten seconds")
	require.Contains(t, pages[0].sections["themeBreakdown"], map[string]any{"theme": "Castle", "mocCount": 1.0, "setCount": 0.0})

	for _, c := range clients {
		c.add(t, "wishlist", aWish)
	}
	for n := range pages {
		sockets[0][n].await(t, len(told)+1)
		require.Equal(t, append(told, "summaryUpdated"), sockets[0][n].types())
		sockets[1][n].await(t, 1)
		require.Equal(t, []string{"summaryUpdated"}, sockets[1][n].types(), "nothing of the rebuild")
	}
}
