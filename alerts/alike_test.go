package alerts_test

import (
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// alike names the cases that are shown beside one, with why.
func (r *rig) alike(a alerts.Actor, id string) string {
	r.t.Helper()
	return alikeWords(done(r.AlikeCase(r.ctx, a, id)))
}

func alikeWords(v alerts.AlikeView) string {
	var out []string
	for _, i := range v.Items {
		out = append(out, i.ID+" "+strings.Join(i.Why, " "))
	}
	for _, i := range v.Apart {
		out = append(out, "apart "+i.ID+" "+i.Reason)
	}
	return strings.Join(out, "; ")
}

func (r *rig) called(caseID, phone string) {
	r.t.Helper()
	done(r.RecordContact(r.ctx, r.ana, alerts.NewContact{
		Channel: "phone", Kind: "follow_up", CaseID: caseID, Caller: &alerts.Reporter{Name: "Primer", Phone: phone},
	}, alerts.Request{}))
}

func (r *rig) otherChild(given, family, birth string) alerts.CaseView {
	r.t.Helper()
	in := aCase(r.now())
	in.Children[0].Names[0].Given, in.Children[0].Names[0].Family = given, family
	in.Children[0].BirthDate, in.LastSeen = birth, alerts.NewLastSeen{At: r.now()}
	return done(r.OpenCase(r.ctx, r.ana, in, alerts.Request{}))
}

func TestAlikeSaysWhy(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first, second, third, fourth := r.opened(), r.opened(), r.otherChild("Ђорђе", "Петровић", "2011"), r.otherChild("Mila", "Uzorković", "")
	r.called(first.ID, "+381 11 000 0077")
	r.called(fourth.ID, "+381 11 000 0077")
	if got, want := r.alike(r.ana, first.ID), second.ID+" name_exact birth_fits place; "+fourth.ID+" phone; "+third.ID+" name_exact birth_differs"; !sameLines(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := r.alike(r.ana, fourth.ID); got != first.ID+" phone" {
		t.Error(got)
	}
	// One caller with children of other ages calls about each of them.
	r.called(r.otherChild("Sestra", "Petrović", "2014").ID, "+381 11 000 0077")
	if got := r.alike(r.ana, first.ID); !strings.Contains(got, fourth.ID) || len(strings.Split(got, ";")) != 3 {
		t.Error(got)
	}
	// A number from which people call about many children is an office's.
	office := []alerts.CaseView{fourth, r.otherChild("Ana", "Primer", ""), r.otherChild("Sava", "Nacrt", ""), r.otherChild("Zoja", "Proba", "")}
	for _, c := range office {
		r.called(c.ID, "+381 11 000 0088")
	}
	if got := r.alike(r.ana, fourth.ID); !strings.Contains(got, first.ID+" phone") || strings.Contains(got, office[1].ID) {
		t.Error(got)
	}
	// What leads to another case, or ended long ago, is not shown.
	r.ok(r.merge(r.ana, third.ID, second.ID))
	done(r.CloseCase(r.ctx, r.ana, second.ID, alerts.CloseCase{Outcome: "found_safe"}, alerts.Request{}))
	if got := r.alike(r.ana, first.ID); !strings.Contains(got, second.ID) || strings.Contains(got, third.ID) {
		t.Error(got)
	}
	r.pass(alerts.AlikeFor + time.Hour)
	if got := r.alike(r.ana, first.ID); got != fourth.ID+" phone" {
		t.Error(got)
	}
}

func sameLines(a, b string) bool {
	x, y := strings.Split(a, "; "), strings.Split(b, "; ")
	if len(x) != len(y) {
		return false
	}
	for _, line := range x {
		if !strings.Contains(b, line) {
			return false
		}
	}
	return true
}

// A pair that somebody has judged does not come back from either side, nor after
// a start, until the judgement is taken back; the control is a third case.
func TestApartStandsOnBothSidesUntilTakenBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first, second, control := r.opened(), r.opened(), r.opened()
	pair := alerts.NewApart{Of: "cases/" + second.ID, Reason: "a cousin of the same name"}
	for range 2 { // the second time changes nothing
		done(r.SetCaseApart(r.ctx, r.boris, first.ID, pair, alerts.Request{}))
	}
	check := func() {
		t.Helper()
		for _, c := range [][2]string{{first.ID, second.ID}, {second.ID, first.ID}} {
			v := done(r.AlikeCase(r.ctx, r.ana, c[0]))
			if len(v.Items) != 1 || v.Items[0].ID != control.ID {
				t.Errorf("%+v", v.Items)
			}
			if len(v.Apart) != 1 || v.Apart[0].ID != c[1] || v.Apart[0].Reason != pair.Reason || v.Apart[0].By != r.boris.ID || v.Apart[0].At.IsZero() {
				t.Errorf("%+v", v.Apart)
			}
		}
		// Nor does it warn whoever types about one of the two.
		q := alerts.KnownQuery{Children: named("Đorđe", "Petrović"), Of: "cases/" + first.ID}
		if items := r.known(r.ana, q); len(items) != 1 || items[0].ID != control.ID {
			t.Errorf("%+v", items)
		}
	}
	check()
	r.open()
	check()
	done(r.CaseApartBack(r.ctx, r.ana, second.ID, alerts.ApartBack{Of: "cases/" + first.ID}, alerts.Request{}))
	for _, id := range []string{first.ID, second.ID} {
		if v := done(r.AlikeCase(r.ctx, r.ana, id)); len(v.Items) != 2 || len(v.Apart) != 0 {
			t.Errorf("%+v", v)
		}
	}
}

// What was judged when a case was opened counts on the other side too, and can
// be taken back from there.
func TestApartOfAnOpeningIsSeenFromBothSides(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.opened()
	in := aCase(r.now())
	in.NotSame = []string{"cases/" + first.ID}
	second := done(r.OpenCase(r.ctx, r.ana, in, alerts.Request{}))
	if got := r.alike(r.ana, first.ID); got != "apart "+second.ID+" " {
		t.Error(got)
	}
	done(r.CaseApartBack(r.ctx, r.ana, first.ID, alerts.ApartBack{Of: "cases/" + second.ID}, alerts.Request{}))
	if got := r.alike(r.ana, second.ID); got != first.ID+" name_exact birth_fits place" {
		t.Error(got)
	}
}

func TestApartRefusals(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	in := aCase(r.now())
	in.Restricted = true
	first, hidden := r.opened(), done(r.OpenCase(r.ctx, r.ana, in, alerts.Request{}))
	judge := func(a alerts.Actor, id, of string) error {
		_, err := r.SetCaseApart(r.ctx, a, id, alerts.NewApart{Of: of}, alerts.Request{})
		return err
	}
	r.wrong(judge(r.ana, first.ID, "cases/"+first.ID), "of same_case")
	r.wrong(judge(r.ana, first.ID, "partners/x"), "of unknown_value")
	r.wrong(judge(r.ana, first.ID, "cases/nothing"), "of unknown_case")
	r.wrong(judge(r.boris, first.ID, "cases/"+hidden.ID), "of unknown_case")
	r.refused(judge(r.boris, hidden.ID, "cases/"+first.ID), alerts.NotFound)
	r.refused(judge(r.officer, first.ID, "cases/"+hidden.ID), alerts.Forbidden)
	_, err := r.AlikeCase(r.ctx, r.officer, first.ID)
	r.refused(err, alerts.Forbidden)
	r.called(first.ID, "+381 11 000 0077")
	r.called(hidden.ID, "+381 11 000 0077")
	if got := r.alike(r.ana, first.ID); got != hidden.ID+" name_exact birth_fits place phone" {
		t.Error(got)
	}
	// Nobody learns of a case that is not theirs to see: not that it is alike, nor
	// that it was judged.
	if got := r.alike(r.boris, first.ID); got != "" {
		t.Error(got)
	}
	r.ok(judge(r.ana, first.ID, "cases/"+hidden.ID))
	if got := r.alike(r.boris, first.ID); got != "" {
		t.Error(got)
	}
	if v := done(r.Case(r.ctx, r.boris, first.ID)); len(v.NotSame) != 0 {
		t.Errorf("%+v", v.NotSame)
	}
	if v := done(r.Case(r.ctx, r.ana, first.ID)); len(v.NotSame) != 1 {
		t.Errorf("%+v", v.NotSame)
	}
}

// A report finds the case of its child by name, place and number; what is judged
// about the report stays judged for the case that is made of it.
func TestAlikeOfAContact(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.opened()
	r.called(first.ID, "+381 11 000 0077")
	done(r.ReportChild(r.ctx, alerts.Public(), alerts.NewReport{
		PublicReport: alerts.PublicReport{ChildName: "Djordje Petrović", ChildAge: "11", LastSeenWhere: "bus stop"}, Relation: "mother",
		Contact: &alerts.Reporter{Name: "Primer", Phone: "+381 11 000 0077"},
	}, alerts.Request{}))
	contact := r.Board.OpenReports()[0].ContactID
	if got := alikeWords(done(r.AlikeContact(r.ctx, r.ana, contact))); got != first.ID+" name_exact birth_near place phone" && got != first.ID+" name_exact birth_differs place phone" {
		t.Error(got)
	}
	done(r.SetContactApart(r.ctx, r.ana, contact, alerts.NewApart{Of: "cases/" + first.ID}, alerts.Request{}))
	if got := alikeWords(done(r.AlikeContact(r.ctx, r.ana, contact))); got != "apart "+first.ID+" " {
		t.Error(got)
	}
	if got := r.alike(r.ana, first.ID); got != "apart "+contact+" " {
		t.Error(got)
	}
	q := alerts.KnownQuery{Children: named("Đorđe", "Petrović"), Of: "contacts/" + contact}
	if items := r.known(r.ana, q); len(items) != 0 {
		t.Errorf("%+v", items)
	}
	_, err := r.SetContactApart(r.ctx, r.ana, contact, alerts.NewApart{Of: "contacts/" + contact + "x"}, alerts.Request{})
	r.wrong(err, "of unknown_value")
	made := done(r.CaseFromReport(r.ctx, r.ana, contact, aCase(r.now()), alerts.Request{}))
	if got := r.alike(r.ana, made.ID); !strings.HasPrefix(got, "apart "+first.ID) {
		t.Error(got)
	}
	done(r.ContactApartBack(r.ctx, r.ana, contact, alerts.ApartBack{Of: "cases/" + first.ID}, alerts.Request{}))
	if got := r.alike(r.ana, first.ID); strings.Contains(got, contact) {
		t.Error(got)
	}
}

// TestApartInEachStore writes a judgement, starts again, and forgets it with one
// of the two cases.
func TestApartInEachStore(t *testing.T) {
	t.Parallel()
	for name, h := range callHomes(t) {
		t.Run(name, func(t *testing.T) {
			r := &rig{t: t, ctx: t.Context(), clock: time.Date(2031, 3, 5, 10, 17, 42, 0, time.UTC)}
			start := func() (stop func()) {
				r.Desk, stop = deskOn(r.ctx, h, r.now)
				return stop
			}
			stop := start()
			r.ana = r.person("Ana", alerts.RoleCoordinator)
			first, second, third := r.opened(), r.opened(), r.opened()
			for _, other := range []string{first.ID, third.ID} {
				done(r.SetCaseApart(r.ctx, r.ana, second.ID, alerts.NewApart{Of: "cases/" + other, Reason: "Zqreason"}, alerts.Request{}))
			}
			stop()
			stop = start()
			if got := r.alike(r.ana, first.ID); got != third.ID+" name_exact birth_fits place; apart "+second.ID+" Zqreason" {
				t.Error(got)
			}
			key := journal.Key{Collection: "cases", ID: first.ID}
			done(r.Journal.Do(r.ctx, journal.Command{Actor: "test", Action: "case.erase", Decide: func(v *journal.View) (journal.Outcome, error) {
				documents, err := r.Unfile(v, []journal.Key{key})
				return journal.Outcome{Documents: documents, Forget: []journal.Key{key}}, err
			}}))
			stop()
			stop = start()
			defer stop()
			c, _ := r.Board.Case(second.ID)
			if len(c.NotSame) != 1 || c.NotSame[0].Of != "cases/"+third.ID {
				t.Errorf("%+v", c.NotSame)
			}
		})
	}
}
