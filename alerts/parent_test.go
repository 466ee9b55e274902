package alerts_test

import (
	"slices"
	"testing"
	"time"

	"homeward/alerts"
)

// reported makes a public report, a case of it and returns the code and the
// contact's id.
func (r *rig) reported() (code, contact string, c alerts.CaseView) {
	r.t.Helper()
	code = done(r.ReportChild(r.ctx, alerts.Public(), alerts.NewReport{
		PublicReport: alerts.PublicReport{ChildName: "Mila", LastSeenWhere: "school"}, Relation: "mother", Contact: &alerts.Reporter{Name: "Primer"},
	}, alerts.Request{})).Code
	open := r.Board.OpenReports()
	contact = open[len(open)-1].ContactID
	c = done(r.CaseFromReport(r.ctx, r.ana, contact, aCase(r.now()), alerts.Request{}))
	return code, contact, c
}

func aCheck() alerts.NewParentCheck {
	return alerts.NewParentCheck{Party: alerts.PartyLeftBehind, Identity: "document_in_person", Custody: "court_decision", Orders: "court"}
}

// consented records a parent's consent to publish.
func (r *rig) consented(caseID, audience, party string) alerts.ConsentView {
	r.t.Helper()
	in := alerts.NewConsent{Class: alerts.P1, Audience: audience, Purpose: "appeal", Basis: "consent", GivenBy: "mother", Party: party}
	return done(r.AddConsent(r.ctx, r.ana, caseID, in, alerts.Request{}))
}

func (r *rig) follow(code string) alerts.FollowView {
	r.t.Helper()
	return done(r.Follow(r.ctx, code, func(string) []alerts.FollowTold { return []alerts.FollowTold{{Country: "RS", Organisations: 3}} }))
}

func steps(v alerts.FollowView) []string {
	var out []string
	for _, s := range v.Steps {
		out = append(out, s.What)
	}
	return out
}

func TestTheCodeOpensOnlyAfterTheCheck(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	code, contact, c := r.reported()
	r.consented(c.ID, "public", alerts.PartyLeftBehind)
	r.pass(time.Minute)
	before := r.follow(code)
	if before.Checked || before.PartnersTold != 0 || before.Told != nil || before.Consents != nil ||
		!slices.Equal(steps(before), []string{"received", "case_opened"}) || before.Withheld[0].Why != "not_checked" {
		t.Fatalf("before the check: %+v", before)
	}
	v := done(r.CheckParent(r.ctx, r.ana, contact, aCheck(), alerts.Request{}))
	if len(v.Checks) != 1 || v.Checks[0].By != r.ana.ID || v.Party != alerts.PartyLeftBehind || !v.Coded {
		t.Fatalf("the check: %+v", v)
	}
	after := r.follow(code)
	if !after.Checked || after.PartnersTold != 3 || len(after.Consents) != 1 || !slices.Contains(steps(after), "identity_checked") {
		t.Fatalf("after the check: %+v", after)
	}
	done(r.UncheckParent(r.ctx, r.boris, contact, alerts.Reason{Reason: "A court has since decided otherwise."}, alerts.Request{}))
	if v := r.follow(code); v.Checked || v.PartnersTold != 0 || v.Consents != nil || !slices.Equal(steps(v), steps(before)) {
		t.Fatalf("after it was withdrawn: %+v", v)
	}
	_, err := r.UncheckParent(r.ctx, r.boris, contact, alerts.Reason{Reason: "again"}, alerts.Request{})
	r.refused(err, alerts.Conflict)
}

func TestTheCheckEndsWithItsParty(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	code, contact, c := r.reported()
	checked := done(r.CheckParent(r.ctx, r.ana, contact, aCheck(), alerts.Request{}))
	taking := alerts.PartyTaking
	moved := done(r.PatchContact(r.ctx, r.ana, contact, checked.Version, alerts.ContactPatch{Party: &taking}, alerts.Request{}))
	if v := r.follow(code); v.Checked {
		t.Fatal("the check counts for another party")
	}
	back := alerts.PartyLeftBehind
	moved = done(r.PatchContact(r.ctx, r.ana, contact, moved.Version, alerts.ContactPatch{Party: &back}, alerts.Request{}))
	other := r.opened()
	done(r.PatchContact(r.ctx, r.ana, contact, moved.Version, alerts.ContactPatch{CaseID: alerts.Some(other.ID)}, alerts.Request{}))
	if v := r.follow(code); v.Checked || c.ID == other.ID {
		t.Fatal("the check counts for another case")
	}
}

func TestChecksAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, contact, _ := r.reported()
	_, err := r.CheckParent(r.ctx, r.ana, contact, alerts.NewParentCheck{Identity: "looked honest"}, alerts.Request{})
	r.wrong(err, "party required", "identity unknown_value", "custody required", "orders required")
	for _, party := range []string{alerts.PartyTaking, "stranger"} {
		in := aCheck()
		in.Party = party
		_, err = r.CheckParent(r.ctx, r.ana, contact, in, alerts.Request{})
		r.wrong(err, "party not_checkable")
	}
	_, err = r.CheckParent(r.ctx, alerts.Public(), contact, aCheck(), alerts.Request{})
	r.refused(err, alerts.Forbidden)
	_, err = r.UncheckParent(r.ctx, r.ana, contact, alerts.Reason{Reason: "none yet"}, alerts.Request{})
	r.refused(err, alerts.Conflict)
	done(r.CheckParent(r.ctx, r.ana, contact, aCheck(), alerts.Request{}))
	_, err = r.CheckParent(r.ctx, r.ana, contact, aCheck(), alerts.Request{})
	r.refused(err, alerts.Conflict)
	_, err = r.UncheckParent(r.ctx, r.ana, contact, alerts.Reason{}, alerts.Request{})
	r.refused(err, alerts.Invalid)
	uncoded := done(r.RecordContact(r.ctx, r.ana, alerts.NewContact{Channel: "phone", Kind: "advice"}, alerts.Request{}))
	_, err = r.CheckParent(r.ctx, r.ana, uncoded.ID, aCheck(), alerts.Request{})
	r.refused(err, alerts.Conflict)
}

func TestAnObjectionFreezesPublicationAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	code, contact, c := r.reported()
	own := r.consented(c.ID, "public", alerts.PartyLeftBehind)
	r.consented(c.ID, "public", "")
	live := r.released(c.ID, alerts.LevelPublicAppeal, alerts.StatePublic)
	urgent := alerts.NewObjection{Kind: alerts.ObjectionDanger, Text: "He reads the appeals."}
	r.ok(r.FollowObject(r.ctx, alerts.Public(), code, urgent, alerts.Request{}))
	if al, _ := r.Board.Alert(live.ID); al.State != alerts.AlertLive {
		t.Fatal("somebody who was not checked ended an appeal")
	}
	if open := r.Board.Objections(); len(open) != 1 || open[0].Froze {
		t.Fatalf("waiting at the desk: %+v", open)
	}
	done(r.CheckParent(r.ctx, r.ana, contact, aCheck(), alerts.Request{}))
	r.ok(r.FollowObject(r.ctx, alerts.Public(), code, urgent, alerts.Request{}))
	cs, _ := r.Board.Case(c.ID)
	if al, _ := r.Board.Alert(live.ID); al.State != alerts.AlertCancelled || !cs.PublicationFrozen() {
		t.Fatal("publication goes on")
	}
	if cs.Consents[0].ID != own.ID || !cs.Consents[0].WithdrawnAt.IsZero() {
		t.Fatal("a consent was taken back that nobody took back")
	}
	w := done(r.Work(r.ctx, r.ana))
	if len(w.Objections) != 1 || !w.Objections[0].Froze || w.Objections[0].CaseID != c.ID {
		t.Fatalf("work: %+v", w.Objections)
	}
	if v := r.follow(code); !v.Stopped || len(v.Objections) != 2 {
		t.Fatalf("the parent sees %+v", v)
	}
}

func TestCasesStayFrozenUntilSomebodyDecides(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	code, contact, c := r.reported()
	r.consented(c.ID, "public", "")
	done(r.CheckParent(r.ctx, r.ana, contact, aCheck(), alerts.Request{}))
	r.ok(r.FollowObject(r.ctx, alerts.Public(), code, alerts.NewObjection{Kind: alerts.ObjectionMistake}, alerts.Request{}))
	cs, _ := r.Board.Case(c.ID)
	if !cs.PublicationFrozen() {
		t.Fatal("the objection froze nothing")
	}
	operator := r.person("Olga", alerts.RoleOperator)
	objection := done(r.Contact(r.ctx, r.ana, contact)).Objections[0].ID
	lift := alerts.Decide{Decision: alerts.DecisionLifted, Reason: "We spoke: it was about another post."}
	_, err := r.DecideObjection(r.ctx, operator, contact, objection, lift, alerts.Request{})
	r.refused(err, alerts.Forbidden)
	_, err = r.DecideObjection(r.ctx, r.boris, contact, objection, alerts.Decide{Decision: "maybe"}, alerts.Request{})
	r.wrong(err, "decision unknown_value", "reason required")
	_, err = r.DecideObjection(r.ctx, r.boris, contact, "nothing", lift, alerts.Request{})
	r.refused(err, alerts.NotFound)
	keep := alerts.Decide{Decision: alerts.DecisionUpheld, Reason: "The family is in danger."}
	done(r.DecideObjection(r.ctx, r.boris, contact, objection, keep, alerts.Request{}))
	if cs, _ = r.Board.Case(c.ID); !cs.PublicationFrozen() || len(r.Board.Objections()) != 0 {
		t.Fatal("upheld, and not frozen, or still waiting")
	}
	done(r.DecideObjection(r.ctx, r.boris, contact, objection, lift, alerts.Request{}))
	if cs, _ = r.Board.Case(c.ID); cs.PublicationFrozen() || cs.Frozen[0].LiftedBy != r.boris.ID {
		t.Fatalf("lifted: %+v", cs.Frozen)
	}
	_, err = r.DecideObjection(r.ctx, r.boris, contact, objection, lift, alerts.Request{})
	r.refused(err, alerts.Conflict)
}

func TestParentsTakeBackTheirOwnConsents(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	code, contact, c := r.reported()
	own := r.consented(c.ID, "public", alerts.PartyLeftBehind)
	private := r.consented(c.ID, "institutions", alerts.PartyLeftBehind)
	others := r.consented(c.ID, "public", "")
	live := r.released(c.ID, alerts.LevelPublicAppeal, alerts.StatePublic)
	public := alerts.Public()
	r.refused(r.FollowWithdraw(r.ctx, public, code, own.ID, alerts.Request{}), alerts.NotFound) // not checked
	done(r.CheckParent(r.ctx, r.ana, contact, aCheck(), alerts.Request{}))
	r.refused(r.FollowWithdraw(r.ctx, public, code, others.ID, alerts.Request{}), alerts.NotFound)
	r.refused(r.FollowWithdraw(r.ctx, public, "AAAA-BBBB", own.ID, alerts.Request{}), alerts.NotFound)
	r.ok(r.FollowWithdraw(r.ctx, public, code, private.ID, alerts.Request{}))
	if cs, _ := r.Board.Case(c.ID); cs.PublicationFrozen() || len(r.Board.Objections()) != 1 {
		t.Fatal("a consent for institutions froze publication, or the desk was not told")
	}
	r.ok(r.FollowWithdraw(r.ctx, public, code, own.ID, alerts.Request{}))
	r.ok(r.FollowWithdraw(r.ctx, public, code, own.ID, alerts.Request{})) // nothing more happens
	cs, _ := r.Board.Case(c.ID)
	if al, _ := r.Board.Alert(live.ID); al.State != alerts.AlertCancelled || !cs.PublicationFrozen() || len(cs.Frozen) != 1 {
		t.Fatalf("after the consent was taken back: %s %+v", al.State, cs.Frozen)
	}
	tip := done(r.ReportSighting(r.ctx, public, aSighting(r.now(), 20, 44), alerts.Request{})).Code
	r.refused(r.FollowObject(r.ctx, public, tip, alerts.NewObjection{Kind: alerts.ObjectionDanger}, alerts.Request{}), alerts.NotFound)
	r.refused(r.FollowObject(r.ctx, public, code, alerts.NewObjection{Kind: "whim"}, alerts.Request{}), alerts.Invalid)
}
