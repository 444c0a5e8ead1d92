// Package testsupport is what tests of all packages share: databases on one embedded PostgreSQL, and a log.
//
// The server lives in .brickboard-test in the repository and serves every test process of the checkout that runs at
// the same time; the last one stops it. It runs without fsync, for speed: after a crash of the machine, remove the
// folder. What a killed run left there (databases, or the server itself) the next run clears away.
//
// Every package that uses a database has
//
//	func TestMain(m *testing.M) { testsupport.Main(m) }
package testsupport

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"testing"
	"time"
)

// patience bounds what a test waits for the server to do, on a machine that is busy with other tests.
const patience = 3 * time.Minute

// shared is this process's part in the server. There is one per process because tests have nothing else in common.
var shared process

// process joins the server when the first test asks for it.
type process struct {
	mu      sync.Mutex
	managed bool // Main runs, so somebody will leave
	opened  bool
	session *session
	err     error
}

// Main runs a package's tests, leaves the server, and ends the process with the tests' exit code.
func Main(m *testing.M) {
	shared.manage()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	go func() {
		<-interrupts
		_ = shared.leave() // the process ends in any case
		os.Exit(1)
	}()
	code := m.Run()
	if err := shared.leave(); err != nil {
		fmt.Fprintln(os.Stderr, "leave the test database:", err)
		code = 1
	}
	os.Exit(code)
}

func (p *process) manage() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.managed = true
}

// join is the process's session; an error stays, so that a broken server is not tried by every test.
func (p *process) join(t testing.TB) *session {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.managed {
		t.Fatal("the package needs: func TestMain(m *testing.M) { testsupport.Main(m) }")
	}
	if !p.opened {
		p.opened = true
		p.session, p.err = openSession()
	}
	if p.err != nil {
		t.Fatal("join the test database: ", p.err)
	}
	return p.session
}

func (p *process) leave() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.session == nil {
		return nil
	}
	err := p.session.close()
	p.session, p.err = nil, errors.New("this process has left")
	return err
}

func bounded() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), patience)
}
