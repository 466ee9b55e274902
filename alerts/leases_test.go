package alerts_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"homeward/alerts"
	"homeward/journal"
	"homeward/store"
)

// meeting lets two who read a record go on only when both have read it, so that
// both decide by the same old state, once for each round.
type meeting struct {
	mu    sync.Mutex
	round map[string]*sync.WaitGroup
}

func (m *meeting) wait(id string, of int) {
	m.mu.Lock()
	g := m.round[id]
	if g == nil {
		g = &sync.WaitGroup{}
		g.Add(of)
		m.round[id] = g
	}
	m.mu.Unlock()
	g.Done()
	g.Wait()
}

type sideRecords = alerts.Side

// slow is a node's store in which the first reading of a lease meets the other
// node's. Careless is the control: it writes without looking again.
type slow struct {
	sideRecords
	meet     *meeting
	careless bool
	read     map[string]bool
}

func (s *slow) first(id string) {
	if !s.read[id] {
		s.read[id] = true
		s.meet.wait(id, 2)
	}
}

func (s *slow) SwapSide(ctx context.Context, kind, id string, was []byte, expires time.Time, data []byte) error {
	if kind != "lease" || data == nil {
		return s.sideRecords.SwapSide(ctx, kind, id, was, expires, data)
	}
	s.first(id)
	if s.careless {
		return s.sideRecords.PutSide(ctx, kind, id, expires, data)
	}
	return s.sideRecords.SwapSide(ctx, kind, id, was, expires, data)
}

// node is one more desk over the rig's records, with a handle of its own for
// side records.
func (r *rig) node(side alerts.Side) *alerts.Desk {
	p := r.Parts
	p.Side = side
	return alerts.NewDesk(p)
}

// leaseHomes are two handles to one store each, by the store's name.
func leaseHomes(t *testing.T) map[string][2]alerts.Side {
	t.Helper()
	m := store.NewMemory()
	b, err := store.OpenBolt(t.TempDir(), store.BoltOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	out := map[string][2]alerts.Side{"memory": {m, m}, "bolt": {b, b}}
	address := os.Getenv("HOMEWARD_TEST_MONGODB")
	if address == "" {
		return out
	}
	var name [6]byte
	_, _ = rand.Read(name[:]) // never fails
	database := "lease_" + hex.EncodeToString(name[:])
	address = strings.TrimSuffix(address, "/") + "/" + database
	t.Cleanup(func() {
		c, err := mongo.Connect(options.Client().ApplyURI(address))
		if err == nil {
			err = errors.Join(c.Database(database).Drop(context.Background()), c.Database(database+"_keys").Drop(context.Background()), c.Disconnect(context.Background()))
		}
		if err != nil {
			t.Error(err)
		}
	})
	var pair [2]alerts.Side
	for i := range pair {
		s, err := store.OpenMongo(t.Context(), address, store.MongoOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		pair[i] = s
	}
	out["mongodb"] = pair
	return out
}

// fight lets two people at two nodes ask for each report at the same moment, and
// returns how many got it, by report. Whoever lost is told who has it.
func (r *rig) fight(sides [2]alerts.Side, careless bool, reports []string, before func(id string)) []int {
	r.t.Helper()
	meet := &meeting{round: map[string]*sync.WaitGroup{}}
	var nodes [2]*alerts.Desk
	for i, s := range sides {
		nodes[i] = r.node(&slow{sideRecords: s, meet: meet, careless: careless, read: map[string]bool{}})
	}
	people := [2]alerts.Actor{r.ana, r.boris}
	won := make([]int, len(reports))
	for n, id := range reports {
		before(id)
		var errs [2]error
		var wg sync.WaitGroup
		for i := range nodes {
			wg.Go(func() { _, errs[i] = nodes[i].Take(r.ctx, people[i], id, alerts.TakeSighting{}, alerts.Request{}) })
		}
		wg.Wait()
		for i, err := range errs {
			if err == nil {
				won[n]++
				continue
			}
			r.refused(err, alerts.Conflict)
			if !strings.Contains(err.Error(), people[1-i].Name+" has this report open until ") {
				r.t.Errorf("the loser is told %q", err)
			}
		}
		for i := range nodes {
			v := done(nodes[i].Sighting(r.ctx, people[i], id))
			if v.Lease == nil || v.Lease.Mine != (errs[i] == nil) && !careless {
				r.t.Errorf("node %d shows the lease %+v after %v", i, v.Lease, errs[i])
			}
		}
	}
	return won
}

// TestOneOfTwoNodesGetsAReport asks at two nodes at once, for reports that
// nobody has had and for such whose lease has run out.
func TestOneOfTwoNodesGetsAReport(t *testing.T) {
	t.Parallel()
	for name, sides := range leaseHomes(t) {
		for _, careless := range []bool{false, true} {
			r := newRig(t)
			old := r.node(sides[0])
			var reports []string
			for range 20 {
				reports = append(reports, r.sighted("", 20.4, 44.8).ID)
			}
			n := 0
			before := func(id string) {
				if n++; n%2 == 0 { // duty had it, and has gone for lunch
					done(old.Take(r.ctx, r.duty, id, alerts.TakeSighting{}, alerts.Request{}))
					r.pass(alerts.LeaseLasts)
				}
			}
			for i, won := range r.fight(sides, careless, reports, before) {
				if !careless && won != 1 {
					t.Errorf("%s: report %d went to %d people", name, i, won)
				}
				if careless && won != 2 { // the control: without the comparison both get it
					t.Errorf("%s: without protection report %d went to %d people", name, i, won)
				}
			}
		}
	}
}

// TestAClockThatJumpsMakesNoSecondHolder turns the server's clock forth and back.
func TestAClockThatJumpsMakesNoSecondHolder(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.sighted("", 20.4, 44.8).ID
	take := func(a alerts.Actor) error {
		_, err := r.Take(r.ctx, a, id, alerts.TakeSighting{}, alerts.Request{})
		return err
	}
	r.ok(take(r.ana))
	r.pass(time.Hour)
	r.ok(take(r.boris)) // ran out
	r.pass(-time.Hour)
	r.refused(take(r.ana), alerts.Conflict)
	_, err := r.AssessSighting(r.ctx, r.ana, id, alerts.Assess{Source: "B", Information: 2}, alerts.Request{})
	r.refused(err, alerts.Conflict)
	r.ok(take(r.boris))
	r.pass(-time.Hour)
	r.refused(take(r.ana), alerts.Conflict)
	done(r.AssessSighting(r.ctx, r.boris, id, alerts.Assess{Source: "B", Information: 2}, alerts.Request{}))
}

// TestWhoeverWorksOnAReportKeepsIt prolongs a lease that has nearly run out.
func TestWhoeverWorksOnAReportKeepsIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.sighted("", 20.4, 44.8).ID
	first := done(r.Take(r.ctx, r.ana, id, alerts.TakeSighting{}, alerts.Request{})).Until
	r.pass(alerts.LeaseLasts - time.Minute)
	v := done(r.AssessSighting(r.ctx, r.ana, id, alerts.Assess{Source: "B", Information: 2}, alerts.Request{}))
	if v.Lease == nil || !v.Lease.Mine || v.Lease.Until.Sub(first) != alerts.LeaseLasts-time.Minute {
		t.Fatalf("first until %v, then %+v", first, v.Lease)
	}
	r.pass(2 * time.Minute)
	_, err := r.Take(r.ctx, r.boris, id, alerts.TakeSighting{}, alerts.Request{})
	r.refused(err, alerts.Conflict)
}

// TestLeasesEndWithTheRightToWork frees what somebody has open who leaves, is
// disabled, loses the role or is signed out everywhere, at once.
func TestLeasesEndWithTheRightToWork(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(r *rig, acc *alerts.Account){
		"disabled":   func(r *rig, acc *alerts.Account) { acc.DisabledAt = r.now() },
		"other role": func(_ *rig, acc *alerts.Account) { acc.Role = alerts.RolePrivacyOfficer },
		"signed out everywhere": func(r *rig, acc *alerts.Account) {
			r.pass(time.Second)
			acc.SessionsSince = r.now()
		},
		"erased": nil,
	} {
		r := newRig(t)
		id := r.sighted("", 20.4, 44.8).ID
		done(r.Take(r.ctx, r.ana, id, alerts.TakeSighting{}, alerts.Request{}))
		_, err := r.Take(r.ctx, r.boris, id, alerts.TakeSighting{}, alerts.Request{})
		r.refused(err, alerts.Conflict)
		if end == nil {
			_, err := r.Journal.Do(r.ctx, journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
				return journal.Outcome{Forget: []journal.Key{{Collection: "accounts", ID: r.ana.ID}}}, nil
			}})
			r.ok(err)
		} else {
			acc, _ := r.Board.Account(r.ana.ID)
			next := *acc
			end(r, &next)
			r.write(&next)
		}
		if v := done(r.Sighting(r.ctx, r.boris, id)); v.Lease != nil {
			t.Errorf("%s: the lease is still shown: %+v", name, v.Lease)
		}
		if page := r.triage(alerts.TriageQuery{}); page.Items[0].Lead.Lease != nil {
			t.Errorf("%s: the list still shows the lease", name)
		}
		if _, err := r.Take(r.ctx, r.boris, id, alerts.TakeSighting{}, alerts.Request{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSigningOutFreesReports signs out by the door; proving who one is again,
// which makes a new session, keeps what is open.
func TestSigningOutFreesReports(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	door := done(alerts.NewDoor(r.Desk, alerts.DoorOptions{}))
	made := done(r.CreateAccount(r.ctx, r.person("Adam", alerts.RoleAdministrator), alerts.NewAccount{Kind: alerts.KindPerson, Role: alerts.RoleCoordinator, Name: "Vesna", Email: "vesna@example.org"}, alerts.Request{}))
	const password = "three green lamps by the river"
	token, vesna, err := door.Accept(r.ctx, alerts.Acceptance{Code: made.Invitation.Code, Password: password, Network: "192.0.2.1"})
	r.ok(err)
	id := r.sighted("", 20.4, 44.8).ID
	done(r.Take(r.ctx, vesna, id, alerts.TakeSighting{}, alerts.Request{}))
	token, _, err = door.StepUp(r.ctx, token, password, "192.0.2.1")
	r.ok(err)
	_, err = r.Take(r.ctx, r.boris, id, alerts.TakeSighting{}, alerts.Request{})
	r.refused(err, alerts.Conflict)
	r.ok(door.SignOut(r.ctx, token))
	done(r.Take(r.ctx, r.boris, id, alerts.TakeSighting{}, alerts.Request{}))
	r.ok(door.SignOut(r.ctx, token)) // again: it has ended
	if v := done(r.Sighting(r.ctx, r.boris, id)); v.Lease == nil || !v.Lease.Mine {
		t.Fatalf("the lease of somebody else went too: %+v", v.Lease)
	}
}
