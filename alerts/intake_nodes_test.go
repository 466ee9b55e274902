package alerts_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"homeward/alerts"
)

// slowForms is a node's store in which the first save of a form waits until the
// other node has decided by the same old state. Careless is the control.
type slowForms struct {
	sideRecords
	meet     *meeting
	careless bool
	saved    map[string]bool
}

func (s *slowForms) SwapSide(ctx context.Context, kind, id string, was []byte, expires time.Time, data []byte) error {
	if kind == "intake" && !s.saved[id] {
		s.saved[id] = true
		s.meet.wait(id, 2)
	}
	if s.careless {
		return s.PutSide(ctx, kind, id, expires, data)
	}
	return s.sideRecords.SwapSide(ctx, kind, id, was, expires, data)
}

// TestOneOfTwoNodesSavesAForm saves a form at two nodes at once, a new one and
// one that stands already. The loser is told and shown what stands; nothing that
// somebody was told is saved is lost.
func TestOneOfTwoNodesSavesAForm(t *testing.T) {
	t.Parallel()
	for name, sides := range leaseHomes(t) {
		for _, careless := range []bool{false, true} {
			r := newRig(t)
			meet := &meeting{round: map[string]*sync.WaitGroup{}}
			var nodes [2]*alerts.Desk
			for i, s := range sides {
				nodes[i] = r.node(&slowForms{sideRecords: s, meet: meet, careless: careless, saved: map[string]bool{}})
			}
			old, people := r.node(sides[0]), [2]alerts.Actor{r.ana, r.boris}
			for n := range 10 {
				id, version := alerts.NewID(r.Random), n%2
				if version == 1 {
					done(old.KeepIntake(r.ctx, r.ana, typed(id, 0, "first")))
				}
				var errs [2]error
				var told [2]alerts.Intake
				var wg sync.WaitGroup
				for i := range nodes {
					wg.Go(func() { told[i], errs[i] = nodes[i].KeepIntake(r.ctx, people[i], typed(id, version, people[i].Name)) })
				}
				wg.Wait()
				kept := done(old.ReadIntake(r.ctx, r.ana, id))
				won := 0
				for i, err := range errs {
					if err == nil {
						won++
						if !careless && kept.Values["name"][0] != people[i].Name {
							t.Errorf("%s: what %s saved is lost", name, people[i].Name)
						}
						continue
					}
					r.refused(err, alerts.Stale)
					if told[i].SavedBy != people[1-i].ID {
						t.Errorf("%s: the loser is told of %+v", name, told[i])
					}
				}
				if want := map[bool]int{false: 1, true: 2}[careless]; won != want {
					t.Errorf("%s: %d of two saves went through, want %d (careless %t)", name, won, want, careless)
				}
			}
		}
	}
}

func typed(id string, version int, name string) alerts.SaveIntake {
	return alerts.SaveIntake{ID: id, Version: version, Tab: name, Values: map[string][]string{"name": {name}}}
}

// A form that is thrown away at one node while the other saves it is either gone
// or saved, and whoever saves is told.
func TestAFormThrownAwayAtAnotherNodeIsNotSavedAgain(t *testing.T) {
	t.Parallel()
	for name, sides := range leaseHomes(t) {
		r := newRig(t)
		one, two := r.node(sides[0]), r.node(sides[1])
		id := alerts.NewID(r.Random)
		done(one.KeepIntake(r.ctx, r.ana, typed(id, 0, "first")))
		r.ok(two.DropIntake(r.ctx, r.boris, id))
		_, err := one.KeepIntake(r.ctx, r.ana, typed(id, 1, "again"))
		if alerts.CodeOf(err) != alerts.NotFound {
			t.Errorf("%s: %v", name, err)
		}
		id = alerts.NewID(r.Random)
		done(one.KeepIntake(r.ctx, r.ana, typed(id, 0, "first")))
		r.ok(two.CloseIntake(r.ctx, r.boris, id, "case"))
		told, err := one.KeepIntake(r.ctx, r.ana, typed(id, 1, "again"))
		if alerts.CodeOf(err) != alerts.Conflict || told.CaseID != "case" {
			t.Errorf("%s: %v %+v", name, err, told)
		}
	}
}
