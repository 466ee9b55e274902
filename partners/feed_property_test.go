package partners

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// client is a partner's program: it keeps what frames tell it and a cursor.
type client struct {
	partner string
	cursor  uint64
	live    map[string]int
	over    map[string]bool // withdrawn for ever
	// confirmed is when it last confirmed the removal of everything.
	confirmed uint64
}

// take applies one frame.
func (c *client) take(t *rapid.T, it Item) {
	if it.Kind == KindAlert {
		if c.over[it.AlertID] {
			t.Fatalf("%s: alert %s came back after its end", c.partner, it.AlertID)
		}
		if it.Revision < c.live[it.AlertID] {
			t.Fatalf("%s: revision %d of alert %s after revision %d", c.partner, it.Revision, it.AlertID, c.live[it.AlertID])
		}
		c.live[it.AlertID] = it.Revision
		return
	}
	delete(c.live, it.AlertID)
	if it.Reason != ReasonNotAddressed {
		c.over[it.AlertID] = true
	}
}

// connect reads frames as a connection does, until one is cut or nothing is
// owed. With cut < 0 nothing is cut.
func (c *client) connect(t *rapid.T, b *Board, cut int) {
	for _, it := range b.Unconfirmed(c.partner) {
		if it.Number <= c.confirmed {
			t.Fatalf("%s: alert %s is to be removed again", c.partner, it.AlertID)
		}
		if cut == 0 {
			return
		}
		cut--
		c.take(t, it)
	}
	for {
		items := b.Owed(c.partner, c.cursor)
		if len(items) == 0 {
			return
		}
		last := c.cursor
		for _, it := range items {
			if cut == 0 {
				return
			}
			cut--
			if it.Number <= c.cursor && it.Cursor > it.Number || it.Cursor < last {
				t.Fatalf("%s: cursor %d after %d for number %d", c.partner, it.Cursor, last, it.Number)
			}
			c.take(t, it)
			last, c.cursor = it.Cursor, it.Cursor
		}
	}
}

// world drives the desk at random and knows what everybody should see.
type world struct {
	*rig
	t       *rapid.T
	places  []geo.Area
	clients []*client
	alerts  []string
	gone    map[string]bool
	told    map[string]*Told
	cases   int
}

func (w *world) pick(what string, n int) int { return rapid.IntRange(0, n-1).Draw(w.t, what) }

func (w *world) area() geo.Area { return w.places[w.pick("area", len(w.places))] }

func (w *world) alert() string { return w.alerts[w.pick("alert", len(w.alerts))] }

func (w *world) step() {
	ctx := context.Background()
	w.wait(time.Second)
	action := w.pick("action", 11)
	if len(w.alerts) == 0 {
		action = 0
	} else if action == 0 && len(w.desk.Board.LiveAlerts()) > 2 {
		action = 1
	}
	switch action {
	case 0:
		w.cases++
		id := fmt.Sprintf("c%d", w.cases)
		w.newCase(id)
		in := w.draft(w.area())
		if w.pick("internal", 8) == 0 {
			in.Level = alerts.LevelInternal
		}
		w.alerts = append(w.alerts, w.released(id, in))
	case 1, 2:
		w.revise()
	case 3:
		if id := w.alert(); !w.gone[id] {
			w.cancel(id)
		}
	case 4:
		if id := w.alert(); !w.gone[id] && w.pick("erase", 3) == 0 {
			w.forget(id)
			w.gone[id] = true
		}
	case 5:
		c := w.client()
		p, _ := w.board.Partner(c.partner)
		coverage := w.area()
		_, err := w.desk.PatchPartner(ctx, w.admin, c.partner, PartnerPatch{Coverage: &coverage}, p.Version, none)
		must(w.rig.t, err)
	case 6:
		_, err := w.desk.SuspendPartner(ctx, w.admin, w.client().partner, none)
		must(w.rig.t, err)
	case 7:
		_, err := w.desk.ApprovePartner(ctx, w.second, w.client().partner, none)
		must(w.rig.t, err)
	case 8:
		w.client().connect(w.t, w.board, w.pick("cut", 6))
	case 9:
		c := w.client()
		for _, it := range w.board.Unconfirmed(c.partner) {
			c.take(w.t, it)
			_, err := w.desk.Removed(ctx, of(c.partner), it.AlertID, Act{By: "Iva"}, none)
			must(w.rig.t, err)
		}
		c.confirmed = w.board.Number()
	case 10:
		w.expire()
	}
	w.checkTold()
}

func (w *world) client() *client { return w.clients[w.pick("client", len(w.clients))] }

// revise releases an update with another area, and at times another level.
func (w *world) revise() {
	id := w.alert()
	al, ok := w.desk.Board.Alert(id)
	if !ok || al.State.Ended() {
		return
	}
	area, expires := w.area(), w.now().Add(time.Hour)
	in := alerts.AlertUpdate{Area: &area, ExpiresAt: &expires}
	level := []alerts.Level{alerts.LevelPartner, alerts.LevelInternal, alerts.LevelPartner}[w.pick("level", 3)]
	in.Level = &level
	w.update(id, in)
}

func (w *world) expire() {
	if w.pick("hours", 4) == 0 {
		w.wait(2 * time.Hour)
	}
	for _, al := range w.desk.Board.LiveAlerts() {
		must(w.rig.t, w.desk.ExpireAlert(context.Background(), al.ID))
	}
}

// checkTold sees that no record of who was told has lost anything.
func (w *world) checkTold() {
	for _, id := range w.alerts {
		now, ok := w.board.Told(id)
		was := w.told[id]
		if was != nil && !ok {
			w.t.Fatalf("nobody knows any more who was told of alert %s", id)
		}
		if was != nil && (len(now.Rounds) < len(was.Rounds) || len(now.Ended) < len(was.Ended) || len(now.Sent) < len(was.Sent)) {
			w.t.Fatalf("told of alert %s was shortened", id)
		}
		for i := range len(w.rounds(was)) {
			if !slices.Equal(was.Rounds[i].Partners, now.Rounds[i].Partners) {
				w.t.Fatalf("round %d of alert %s was changed", i, id)
			}
		}
		w.told[id] = now
	}
}

func (w *world) rounds(t *Told) []Round {
	if t == nil {
		return nil
	}
	return t.Rounds
}

// expected is what a partner should see, found out without any index.
func (w *world) expected(partner string) map[string]int {
	out := map[string]int{}
	p, _ := w.board.Partner(partner)
	if p.State != PartnerApproved || !p.Agreement.InForce(w.now()) {
		return out
	}
	covered := w.regions.Compile(p.Coverage)
	for _, al := range w.desk.Board.LiveAlerts() {
		r := al.Current()
		if r.Level != alerts.LevelInternal && covered.Meets(w.regions.Compile(r.Area), 10_000) {
			out[al.ID] = r.Number
		}
	}
	return out
}

// reloaded is a board as a restart makes it: from the documents alone, in any
// order.
func (w *world) reloaded() *Board {
	base := alerts.NewBoard()
	b := NewBoard(base, w.regions)
	var in journal.Installed
	w.heap.mu.Lock()
	for _, d := range w.heap.latest {
		in.Documents = append(in.Documents, d)
	}
	w.heap.mu.Unlock()
	rand.Shuffle(len(in.Documents), func(i, j int) {
		in.Documents[i], in.Documents[j] = in.Documents[j], in.Documents[i]
	})
	base.Install([]journal.Installed{in})
	b.Install([]journal.Installed{in})
	return b
}

func TestEveryClientEndsInTheRightState(t *testing.T) {
	t.Parallel()
	regions := builtRegions()
	places := []geo.Area{circle(20.46, 44.81, 5000), circle(19.84, 45.25, 5000), region("RS"), region("HR"), circle(15.98, 45.81, 5000), region("XK")}
	rapid.Check(t, func(rt *rapid.T) {
		w := &world{rig: newRigOn(t, regions), t: rt, places: places, gone: map[string]bool{}, told: map[string]*Told{}}
		for i := range 3 {
			id := w.partner(fmt.Sprintf("partner %d", i), places[i])
			w.clients = append(w.clients, &client{partner: id, live: map[string]int{}, over: map[string]bool{}})
		}
		for range rapid.IntRange(1, 90).Draw(rt, "steps") {
			w.step()
		}
		again := w.reloaded()
		for _, c := range w.clients {
			late := &client{partner: c.partner, cursor: c.cursor, live: maps.Clone(c.live), over: maps.Clone(c.over)}
			c.connect(rt, w.board, -1)
			if want := w.expected(c.partner); !maps.Equal(c.live, want) {
				rt.Fatalf("%s shows %v, should show %v", c.partner, c.live, want)
			}
			late.connect(rt, again, -1)
			if !maps.Equal(late.live, c.live) {
				rt.Fatalf("%s shows %v after a restart, before it %v", c.partner, late.live, c.live)
			}
			if current := w.board.Current(c.partner); len(current) != len(c.live) {
				rt.Fatalf("%s: current %v, shown %v", c.partner, current, c.live)
			}
		}
	})
}
