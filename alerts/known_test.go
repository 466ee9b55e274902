package alerts_test

import (
	"strings"
	"testing"

	"homeward/alerts"
)

func named(given, family string) []alerts.KnownChild {
	return []alerts.KnownChild{{Names: []alerts.Name{{Given: given, Family: family}}}}
}

func (r *rig) known(a alerts.Actor, q alerts.KnownQuery) []alerts.KnownItem {
	r.t.Helper()
	v, err := r.Known(r.ctx, a, q)
	r.ok(err)
	return v.Items
}

func TestKnownByNameBirthPlaceAndPhone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened() // Đorđe Petrović, 2019-05, bus stop
	for _, c := range []struct {
		given, family, birth, place, why string
	}{
		{"Ђорђе", "Петровић", "", "", "name_exact"},
		{"Petrovic", "Djordje", "", "", "name_exact name_order"},
		{"Djole", "Petrović", "2019-05-12", "", "name_exact name_nickname birth_fits"},
		{"Gjorgje", "Petrovic", "2020-05", "bus stop", "name_exact name_spelling birth_near place"},
		{"Đorđe", "Petrović", "2009-01-01", "", "name_exact birth_differs"},
	} {
		q := alerts.KnownQuery{Children: named(c.given, c.family), Place: c.place}
		q.Children[0].BirthDate = c.birth
		items := r.known(r.ana, q)
		if len(items) != 1 || items[0].ID != v.ID || items[0].Number != v.Number || strings.Join(items[0].Why, " ") != c.why {
			t.Errorf("%v: %+v", c, items)
		}
	}
	if items := r.known(r.ana, alerts.KnownQuery{Children: named("Milan", "Petrović")}); len(items) != 0 {
		t.Errorf("a brother is found: %+v", items)
	}
	if items := r.known(r.ana, alerts.KnownQuery{}); len(items) != 0 {
		t.Errorf("nothing finds something: %+v", items)
	}
}

func TestKnownFindsContacts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.ReportChild(r.ctx, alerts.Actor{Kind: alerts.KindPublic, Role: alerts.RolePublic}, alerts.NewReport{
		PublicReport: alerts.PublicReport{ChildName: "Szabó Zsófia", ChildAge: "7 godina", LastSeenWhere: "Subotica, pijaca"},
		Contact:      &alerts.Reporter{Name: "Marta Szabó", Phone: "+381 11 000 0042"},
	}, alerts.Request{})
	r.ok(err)
	for _, q := range []alerts.KnownQuery{
		{Children: named("Žofia", "Sabo"), Place: "kod pijace u Subotici, pijaca"},
		{Phone: "011/000-0042"},
		{Caller: "Marta Sabo"},
	} {
		items := r.known(r.ana, q)
		if len(items) != 1 || items[0].Kind != "contact" || items[0].Name != "Szabó Zsófia" {
			t.Errorf("%+v: %+v", q, items)
			continue
		}
		q.Except = []string{items[0].Key()}
		if items = r.known(r.ana, q); len(items) != 0 {
			t.Errorf("%+v is shown again", items)
		}
	}
	if items := r.known(r.ana, alerts.KnownQuery{Phone: "+381 11 000 0043"}); len(items) != 0 {
		t.Errorf("%+v", items)
	}
}

// A restricted case is as if it were not there: neither in the answer, nor in
// its order, nor in what is recorded.
func TestKnownHidesRestrictedCases(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	in := aCase(r.now())
	in.Restricted = true
	hidden, err := r.OpenCase(r.ctx, r.ana, in, alerts.Request{})
	r.ok(err)
	_, err = r.RecordContact(r.ctx, r.ana, alerts.NewContact{
		Channel: "phone", Kind: "follow_up", CaseID: hidden.ID, Caller: &alerts.Reporter{Name: "Jelena Petrović", Phone: "+381 11 000 0099"},
	}, alerts.Request{})
	r.ok(err)
	q := alerts.KnownQuery{Children: named("Đorđe", "Petrović"), Phone: "+381 11 000 0099", Caller: "Jelena Petrović"}
	if items := r.known(r.boris, q); len(items) != 0 {
		t.Fatalf("Boris sees %+v", items)
	}
	if items := r.known(r.ana, q); len(items) != 2 {
		t.Fatalf("Ana sees %+v", items)
	}
	for _, a := range []alerts.Actor{r.officer, {Kind: alerts.KindPublic, Role: alerts.RolePublic}} {
		_, err := r.Known(r.ctx, a, q)
		r.refused(err, alerts.Forbidden)
	}
}

// What was judged to be another child stays so: the judgement is on the record.
func TestKnownApartIsRecorded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.opened()
	in := aCase(r.now())
	in.NotSame = []string{"cases/" + first.ID, "cases/" + first.ID}
	second, err := r.OpenCase(r.ctx, r.ana, in, alerts.Request{})
	r.ok(err)
	c, _ := r.Board.Case(second.ID)
	if len(c.NotSame) != 1 || c.NotSame[0].Of != "cases/"+first.ID || c.NotSame[0].By != r.ana.ID || !c.NotSame[0].At.Equal(c.CreatedAt) {
		t.Errorf("%+v", c.NotSame)
	}
	in.NotSame = []string{"partners/x"}
	_, err = r.OpenCase(r.ctx, r.ana, in, alerts.Request{})
	r.wrong(err, "not_same[0] unknown_value")
}

// The index follows what is written after it was made, and a start makes it
// anew from the store.
func TestKnownFollowsTheBoard(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v := r.opened()
	q := alerts.KnownQuery{Children: named("Lena", "Đukić")}
	if items := r.known(r.ana, q); len(items) != 0 {
		t.Fatal(items)
	}
	renamed := []alerts.Name{{Given: "Jelena", Family: "Đukić", Kind: "used"}}
	_, err := r.PatchCase(r.ctx, r.ana, v.ID, v.Version, alerts.CasePatch{Children: []alerts.ChildPatch{{ID: v.Children[0].ID, Names: &renamed}}}, alerts.Request{})
	r.ok(err)
	if items := r.known(r.ana, q); len(items) != 1 {
		t.Fatal(items)
	}
	if items := r.known(r.ana, alerts.KnownQuery{Children: named("Đorđe", "Petrović")}); len(items) != 0 {
		t.Fatal(items)
	}
	r.open()
	if items := r.known(r.ana, q); len(items) != 1 {
		t.Fatal(items)
	}
}
