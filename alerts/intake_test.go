package alerts_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"homeward/alerts"
)

func (r *rig) typing(a alerts.Actor, id string, version int, tab, name string) (alerts.Intake, error) {
	return r.KeepIntake(r.ctx, a, alerts.SaveIntake{ID: id, Version: version, Tab: tab, Values: map[string][]string{"children[0].names[0].given": {name}}})
}

func TestFormsAreKeptWhileTheyAreFilledIn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := alerts.NewID(r.Random)
	first := done(r.typing(r.ana, id, 0, "tab", "Mi"))
	second := done(r.typing(r.ana, id, first.Version, "tab", "Mila"))
	if second.Version != 2 || second.MadeBy != r.ana.ID {
		t.Fatalf("got %+v", second)
	}
	r.open() // a start
	got := done(r.ReadIntake(r.ctx, r.boris, id))
	if got.Values["children[0].names[0].given"][0] != "Mila" || !got.OpenBy("other", r.now()) || got.OpenBy("tab", r.now()) {
		t.Fatalf("read back %+v", got)
	}
	if list := done(r.Intakes(r.ctx, r.boris)); len(list) != 1 {
		t.Fatalf("%d forms in the list", len(list))
	}
	r.pass(alerts.IntakeKept + time.Minute)
	_, err := r.ReadIntake(r.ctx, r.boris, id)
	r.refused(err, alerts.NotFound)
}

func TestTwoPagesDoNotOverwriteEachOther(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := alerts.NewID(r.Random)
	done(r.typing(r.ana, id, 0, "one", "Mila"))
	theirs := done(r.typing(r.boris, id, 1, "two", "Milica"))
	now, err := r.typing(r.ana, id, 1, "one", "Milena")
	r.refused(err, alerts.Stale)
	if now.SavedBy != r.boris.ID || now.Version != theirs.Version {
		t.Fatalf("told of %+v", now)
	}
	done(r.typing(r.ana, id, now.Version, "one", "Milena"))
	r.ok(r.DropIntake(r.ctx, r.boris, id))
	_, err = r.typing(r.ana, id, 3, "one", "Mila")
	r.refused(err, alerts.NotFound)
}

func TestAFormLeadsToOneCase(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := alerts.NewID(r.Random)
	done(r.typing(r.ana, id, 0, "one", "Mila"))
	c := r.opened()
	r.ok(r.CloseIntake(r.ctx, r.ana, id, c.ID))
	got := done(r.ReadIntake(r.ctx, r.ana, id))
	if got.CaseID != c.ID || got.Values != nil {
		t.Fatalf("afterwards it holds %+v", got)
	}
	_, err := r.typing(r.ana, id, got.Version, "one", "Mila")
	r.refused(err, alerts.Conflict)
	if list := done(r.Intakes(r.ctx, r.ana)); len(list) != 0 {
		t.Fatalf("%d forms in the list", len(list))
	}
}

func TestFormsAreForWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator, other := r.person("Olga", alerts.RoleOperator), r.person("Oto", alerts.RoleOperator)
	id := alerts.NewID(r.Random)
	done(r.typing(r.ana, id, 0, "one", "Mila"))
	_, err := r.ReadIntake(r.ctx, operator, id)
	r.refused(err, alerts.NotFound)
	_, err = r.typing(operator, id, 1, "two", "Mila")
	r.refused(err, alerts.NotFound)
	r.refused(r.DropIntake(r.ctx, operator, id), alerts.NotFound)
	second := alerts.NewID(r.Random)
	done(r.typing(operator, second, 0, "one", "Vuk"))
	for _, a := range []alerts.Actor{other, r.boris} {
		done(r.ReadIntake(r.ctx, a, second))
	}
	third := alerts.NewID(r.Random)
	done(r.KeepIntake(r.ctx, operator, alerts.SaveIntake{ID: third, Tab: "one", Own: true}))
	_, err = r.ReadIntake(r.ctx, r.boris, third)
	r.refused(err, alerts.NotFound)
	_, err = r.Intakes(r.ctx, r.officer)
	r.refused(err, alerts.Forbidden)
	_, err = r.typing(r.ana, "short", 0, "one", "Mila")
	r.refused(err, alerts.NotFound)
	big := map[string][]string{"circumstances": {string(bytes.Repeat([]byte("a"), 500_000))}}
	_, err = r.KeepIntake(r.ctx, r.ana, alerts.SaveIntake{ID: alerts.NewID(r.Random), Values: big})
	r.refused(err, alerts.TooMany)
}

func TestKeptFormsAreSealed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	done(r.typing(r.ana, alerts.NewID(r.Random), 0, "one", "Canary Name"))
	r.ok(r.Side.EachSide(context.Background(), "intake", func(_ string, data []byte) error {
		if bytes.Contains(data, []byte("Canary")) {
			t.Error("a name lies open in the store")
		}
		return nil
	}))
}
