package rules

import (
	"math/rand/v2"
	"time"

	"github.com/brickboard/brickboard/readmodel"
)

// world is a database, a bus that loses, repeats and reorders, two servers and some clients.
type world struct {
	rng     *rand.Rand
	now     time.Time
	db      *database
	backup  *database
	bus     [2][]int64 // what is under way to each server
	servers [2]*server
	clients []*client

	weights  [9]int // of the kinds of steps
	failing  int    // one reading or fetch in so many fails
	reliable bool   // the bus brings everything once, and nothing happens that it does not name
}

// server has one Room, and does whatever jobs it is given.
type server struct {
	room *Room[*connection]
	jobs []*job
}

// job has no reading at first.
type job struct {
	*Job[*connection]
	reading *readmodel.Changes
}

// connection is between a client and a server. What is under way is lost when it is cut.
type connection struct {
	client    *client
	member    *Member[*connection]
	server    *server
	from      readmodel.State // found before the answer
	pid       string
	recovered bool
	underway  []frame
}

type frame struct {
	opened   bool // the answer to the connect
	envelope *readmodel.Envelope
	offset   string
}

// client is one that shows a view, with what the official client or a plain one keeps for its next connect.
type client struct {
	viewer
	official, deltas bool
	forgetful        bool // brings nothing when it comes back
	pid, offset      string
	conn             *connection
	snapshot         *reply
	asked            bool // a fetch is under way and has not been read yet
}

// reply is a snapshot under way.
type reply struct {
	state readmodel.State
	view  readmodel.DashboardView
}

func newWorld(seed uint64) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 1)), now: time.UnixMilli(0), db: newDatabase()}
	for range 6 {
		w.db.commit(w.rng, 3)
	}
	w.backup = w.db.clone()
	for i := range w.servers {
		w.servers[i] = &server{room: NewRoom[*connection]()}
	}
	for range 1 + w.rng.IntN(3) {
		w.clients = append(w.clients, newClient(w.rng))
	}
	for i, usual := range [...]int{4, 1, 3, 2, 8, 3, 2, 8, 6} {
		w.weights[i] = 1 + w.rng.IntN(2*usual)
	}
	w.failing = 2 + w.rng.IntN(8)
	w.reliable = w.rng.IntN(3) == 0
	return w
}

func newClient(rng *rand.Rand) *client {
	kind := rng.IntN(5)
	c := &client{official: kind == 0 || kind == 3, forgetful: kind == 1 || kind == 4}
	if kind > 2 {
		c.viewer = &unversioned{wanted: true}
		return c
	}
	c.viewer, c.deltas = &versioned{Follower: NewFollower()}, rng.IntN(2) == 0
	return c
}

// publish puts a revision on its way to each server: mostly once, sometimes never or twice.
func (w *world) publish(revision int64) {
	for i := range w.bus {
		times := []int{0, 1, 1, 1, 2}[w.rng.IntN(5)]
		if w.reliable {
			times = 1
		}
		for range times {
			w.bus[i] = append(w.bus[i], revision)
		}
	}
}

func (w *world) deliverBus(i int) {
	if n := len(w.bus[i]); n > 0 {
		k := w.rng.IntN(n)
		w.servers[i].room.Hear(w.bus[i][k])
		if w.reliable || w.rng.IntN(5) > 0 {
			w.bus[i] = append(w.bus[i][:k], w.bus[i][k+1:]...)
		}
	}
}

// work takes a job, or one that the server has one step on: read for it, end it.
func (w *world) work(s *server, mayFail bool) {
	if next, _ := s.room.Next(w.now); next != nil {
		s.jobs = append(s.jobs, &job{Job: next})
		return
	}
	if len(s.jobs) == 0 {
		return
	}
	k := w.rng.IntN(len(s.jobs))
	switch j := s.jobs[k]; {
	case mayFail && w.rng.IntN(w.failing) == 0:
		s.room.Failed(j.Job)
	case j.reading == nil:
		j.reading = w.db.changes(j.Since, j.To)
		return
	default:
		s.room.Done(j.Job, j.reading, w.now, w.deliver)
	}
	s.jobs = append(s.jobs[:k], s.jobs[k+1:]...)
}

func (w *world) deliver(m *Member[*connection], envelopes []*readmodel.Envelope, state readmodel.State) bool {
	conn := m.Session
	if len(envelopes) > 0 && len(conn.underway) > 0 && w.rng.IntN(6) == 0 {
		return false // too slow
	}
	for i, e := range envelopes {
		f := frame{envelope: e}
		if i == len(envelopes)-1 {
			f.offset = state.String()
		}
		conn.underway = append(conn.underway, f)
	}
	return true
}

// connect is the server's side of it: it finds the state to go on from, and answers.
func (w *world) connect(c *client, s *server) {
	conn := &connection{client: c, server: s}
	present := w.db.state()
	if c.forgetful {
		conn.from = present
	} else if c.official {
		conn.from, conn.recovered = Recover(c.pid, c.offset, present)
		if conn.pid = present.String(); conn.recovered {
			conn.pid = c.pid
		}
	} else {
		conn.from, conn.recovered = Recover(c.since(), "", present)
	}
	c.conn = conn
	conn.underway = append(conn.underway, frame{opened: true})
}

// join is what a server does after it has answered.
func (w *world) join(conn *connection) {
	if conn.member != nil {
		return
	}
	conn.member = NewMember(conn, conn.client.deltas, conn.from)
	conn.server.room.Join(conn.member)
}

func (w *world) cut(c *client) {
	if c.conn == nil {
		return
	}
	if c.conn.member != nil {
		c.conn.server.room.Leave(c.conn.member)
		if c.conn.server.room.Size() == 0 && len(c.conn.server.jobs) == 0 {
			c.conn.server.room = NewRoom[*connection]() // as a hub does
		}
	}
	c.conn = nil
}

func (w *world) kill(s *server) {
	for _, c := range w.clients {
		if c.conn != nil && c.conn.server == s {
			c.conn = nil
		}
	}
	*s = server{room: NewRoom[*connection]()}
}

// receive gives the client the next frame that is under way.
func (w *world) receive(c *client) {
	if c.conn == nil || len(c.conn.underway) == 0 {
		return
	}
	f := c.conn.underway[0]
	c.conn.underway = c.conn.underway[1:]
	switch {
	case f.opened:
		c.Connected(c.conn.recovered)
		c.pid = c.conn.pid
	default:
		c.Receive(f.envelope)
		if c.official && f.offset != "" {
			c.offset = f.offset
		}
	}
	if len(c.conn.underway) == 0 && c.conn.member != nil {
		c.conn.server.room.Drained(c.conn.member)
	}
}

// fetch takes the client's fetch one step on: ask, read, take or fail.
func (w *world) fetch(c *client, mayFail bool) {
	switch {
	case c.snapshot != nil && mayFail && w.rng.IntN(w.failing) == 0:
		c.FetchFailed()
		c.snapshot = nil
	case c.snapshot != nil:
		c.Fetched(c.snapshot.state, c.snapshot.view)
		c.snapshot = nil
	case c.asked:
		c.snapshot, c.asked = &reply{state: w.db.state(), view: w.db.view()}, false
	default:
		c.asked = c.Fetch()
	}
}
