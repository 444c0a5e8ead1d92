package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/internal/testsupport"
)

// While one collector changes without a pause, what others change is seen, of its topic and of the other.
func TestService_AHotCollectorHoldsUpNobody(t *testing.T) {
	t.Parallel()
	p := startServer(t, "--database-url", testsupport.DatabaseURL(t))
	hot := p.as(t, "hot")
	others := map[string]client{} // by topic
	for n := 0; len(others) < len(messaging.Topics()); n++ {
		name := fmt.Sprint("other ", n)
		others[messaging.TopicFor(name)] = p.as(t, name)
	}
	ctx, cool := context.WithCancel(t.Context())
	var changing sync.WaitGroup
	for range 8 {
		changing.Go(func() {
			for ctx.Err() == nil {
				hot.do("POST", "/api/mocs", map[string]any{"title": "Keep", "theme": "Castle"}, nil)
			}
		})
	}
	for n := range 3 {
		hot.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs >= 100*(n+1) })
		for topic, c := range others {
			began := time.Now()
			require.Equal(t, http.StatusCreated, c.do("POST", "/api/mocs", map[string]any{"title": "Gate", "theme": "Castle"}, nil))
			c.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == n+1 })
			require.Less(t, time.Since(began), 5*time.Second, topic)
		}
	}
	cool()
	changing.Wait()
	all := hot.count(t, "/api/mocs")
	hot.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == all })
}
