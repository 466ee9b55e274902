package alerts_test

import (
	"testing"
	"time"

	"homeward/alerts"
)

func aCall(now time.Time) alerts.NewContact {
	return alerts.NewContact{
		Channel: "phone", At: now.Add(-3 * time.Hour), Kind: alerts.KindNewDisappearance, Language: "sr-Latn", Interpreter: "on the line",
		MayBeTold: "status", Explained: "Free legal aid.", ExplainedIn: "hu", Asked: "What now?", Promised: "a call", PromisedUntil: now.Add(time.Hour),
	}
}

func TestContactsSayWhoTookThemAndWhatWasExplained(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	in := aCall(r.now())
	in.TakenBy = r.boris.ID
	v := done(r.RecordContact(r.ctx, r.ana, in, alerts.Request{}))
	if v.TakenBy != r.boris.ID || v.RecordedBy != r.ana.ID || v.MayBeTold != "status" || v.ExplainedIn != "hu" || v.Interpreter == "" || !v.At.Equal(in.At) {
		t.Fatalf("got %+v", v)
	}
	told, explained := "nothing", "Psychological help."
	v = done(r.PatchContact(r.ctx, r.ana, v.ID, v.Version, alerts.ContactPatch{MayBeTold: &told, Explained: &explained}, alerts.Request{}))
	if v.MayBeTold != told || v.Explained != explained || v.Language != "sr-Latn" || v.Interpreter == "" {
		t.Fatalf("patched to %+v", v)
	}
	in.TakenBy, in.MayBeTold, in.ExplainedIn = "nobody", "gossip", "Hungarian?"
	_, err := r.RecordContact(r.ctx, r.ana, in, alerts.Request{})
	r.wrong(err, "explained_in unknown_language", "may_be_told unknown_value", "taken_by unknown_account")
}

func TestReportsAreMarkedUntilThePoliceKnow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	list := func() int {
		return len(done(r.Contacts(r.ctx, r.ana, alerts.ContactQuery{Unreferred: true})).Items)
	}
	first := done(r.RecordContact(r.ctx, r.ana, aCall(r.now()), alerts.Request{}))
	if !first.Unreferred || list() != 1 {
		t.Fatal("a report that the police do not know of is not marked")
	}
	why := "The child came home during the call."
	patch := alerts.ContactPatch{Police: &alerts.PolicePatch{WhyNot: &why}}
	if v := done(r.PatchContact(r.ctx, r.ana, first.ID, first.Version, patch, alerts.Request{})); v.Unreferred || list() != 0 || v.Police.WhyNotAt.IsZero() {
		t.Fatalf("a reason is there, and it is still marked: %+v", v.Police)
	}
	second := done(r.RecordContact(r.ctx, r.ana, aCall(r.now()), alerts.Request{}))
	in := aCase(r.now())
	in.Police = alerts.NewPolice{}
	c := done(r.CaseFromReport(r.ctx, r.ana, second.ID, in, alerts.Request{}))
	if list() != 1 || len(r.Board.Unreported()) != 1 {
		t.Fatalf("%d contacts and %d cases are marked", list(), len(r.Board.Unreported()))
	}
	done(r.PatchCase(r.ctx, r.ana, c.ID, c.Version, alerts.CasePatch{Police: &alerts.PolicePatch{WhyNot: &why}}, alerts.Request{}))
	if list() != 0 || len(r.Board.Unreported()) != 0 {
		t.Fatal("the case has a reason, and is still marked")
	}
}

func TestContactsAreFiltered(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	call := aCall(r.now())
	done(r.RecordContact(r.ctx, r.ana, call, alerts.Request{}))
	letter := alerts.NewContact{Channel: "letter", Kind: alerts.KindPrevention, Language: "hu", TakenBy: r.boris.ID}
	done(r.RecordContact(r.ctx, r.ana, letter, alerts.Request{}))
	for name, test := range map[string]struct {
		q    alerts.ContactQuery
		want int
	}{
		"all":                {alerts.ContactQuery{}, 2},
		"channel":            {alerts.ContactQuery{Channel: "letter"}, 1},
		"kind":               {alerts.ContactQuery{Kind: alerts.KindPrevention}, 1},
		"a language":         {alerts.ContactQuery{Language: "hu"}, 1},
		"a language written": {alerts.ContactQuery{Language: "sr"}, 1},
		"another":            {alerts.ContactQuery{Language: "s"}, 0},
		"who recorded it":    {alerts.ContactQuery{TakenBy: r.ana.ID}, 1},
		"who took it":        {alerts.ContactQuery{TakenBy: r.boris.ID}, 1},
		"promised":           {alerts.ContactQuery{Promised: true}, 1},
		"both":               {alerts.ContactQuery{Promised: true, Channel: "letter"}, 0},
	} {
		page, err := r.Contacts(r.ctx, r.ana, test.q)
		if name == "another" {
			if len(page.Items) != 0 {
				t.Errorf("%s: %d", name, len(page.Items))
			}
			continue
		}
		if err != nil || len(page.Items) != test.want {
			t.Errorf("%s: %d, want %d (%v)", name, len(page.Items), test.want, err)
		}
	}
	_, err := r.Contacts(r.ctx, r.ana, alerts.ContactQuery{Channel: "pigeon"})
	r.wrong(err, "channel unknown_value")
}
