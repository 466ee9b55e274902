package alerts_test

import (
	"slices"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

func aRumour() alerts.NewRumour {
	return alerts.NewRumour{
		Verdict: "old", Since: "2031-03-01", Links: []string{"https://www.example.org/post/1?fbclid=x"},
		Texts: map[string]alerts.DraftText{"en": {Headline: "A girl in a red dress, taken by a white van", Description: "This goes round since 2019."}},
	}
}

func TestTwoPeopleLetARumourOut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	v, err := r.WriteRumour(r.ctx, r.ana, aRumour(), alerts.Request{})
	r.ok(err)
	approve := alerts.ApproveRumour{ContentHash: v.ContentHash}
	program := r.duty
	program.Kind = alerts.KindService
	for name, who := range map[string]alerts.Actor{"its author": r.ana, "a program": program, "an operator": r.person("Cveta", alerts.RoleOperator), "a partner": {ID: "p", Kind: alerts.KindPartner, Role: alerts.RolePartner}} {
		if _, err := r.PublishRumour(r.ctx, who, v.ID, approve, alerts.Request{}); alerts.CodeOf(err) != alerts.Forbidden {
			t.Errorf("%s let it out: %v", name, err)
		}
	}
	if _, err := r.PublishRumour(r.ctx, r.duty, v.ID, alerts.ApproveRumour{ContentHash: "x"}, alerts.Request{}); alerts.CodeOf(err) != alerts.Conflict {
		t.Errorf("other content was let out: %v", err)
	}
	if got := r.PublicRumours(); len(got) != 0 {
		t.Fatalf("a draft is out: %+v", got)
	}
	_, err = r.PublishRumour(r.ctx, r.duty, v.ID, approve, alerts.Request{})
	r.ok(err)
	r.open() // read back from the store
	if got, ok := r.RumourOf("example.org/post/1/"); !ok || got.Verdict != "old" || len(got.LinkSHA256) != 1 || got.Texts["en"].Headline == "" {
		t.Errorf("found %+v", got)
	}
	if _, err := r.UpdateRumour(r.ctx, r.ana, v.ID, aRumour(), alerts.Request{}); alerts.CodeOf(err) != alerts.Conflict {
		t.Errorf("what is out was changed: %v", err)
	}
	_, err = r.TakeBackRumour(r.ctx, r.ana, v.ID, alerts.RetractRumour{Reason: "it was a real one"}, alerts.Request{})
	r.ok(err)
	all := r.PublicRumours()
	if len(all) != 1 || all[0].State != "retracted" || all[0].Texts != nil || all[0].LinkSHA256 != nil {
		t.Errorf("after the retraction: %+v", all)
	}
	if _, ok := r.RumourOf("example.org/post/1"); ok {
		t.Error("a retracted entry is still found")
	}
}

func (r *rig) aMirror(kind, identifier string, earlier ...string) alerts.NewMirror {
	return alerts.NewMirror{
		MirrorOf: alerts.MirrorOf{Sender: "police.example.org", Identifier: identifier, Sent: r.now(), Kind: kind, LeftOut: []string{"resource"}},
		Earlier:  earlier, Severity: "extreme", ExpiresAt: r.now().Add(6 * time.Hour), Area: geo.Area{Regions: []string{"RS"}},
		Texts: map[string]alerts.DraftText{"en": {Headline: "Missing boy", Description: "Blue jacket"}},
	}
}

func TestANationalMessageBecomesADraft(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	program := r.ana
	program.Kind = alerts.KindService
	v, err := r.Mirror(r.ctx, program, r.aMirror("Alert", "N-1"), alerts.Request{})
	r.ok(err)
	if v.State != alerts.AlertDraft || v.Revision != 1 || !slices.Equal(v.LeftOut, []string{"resource"}) {
		t.Errorf("it became %+v", v)
	}
	al, _ := r.Board.Alert(v.ID)
	if al.Draft.Level != alerts.LevelNationalMirror || al.Current() != nil || al.Slug != "" {
		t.Errorf("it went out: %+v", al)
	}
	c, ok := r.Board.Case(v.CaseID)
	if !ok || c.State != alerts.StateVerifying || c.CaseNumber != v.CaseNumber {
		t.Errorf("the case is %+v", c)
	}
	again, err := r.Mirror(r.ctx, program, r.aMirror("Alert", "N-1"), alerts.Request{})
	r.ok(err)
	if again.ID != v.ID || again.Version != v.Version {
		t.Errorf("the same message again made %+v", again)
	}
	// An update goes into the same alert, a message that names the case into it.
	up, err := r.Mirror(r.ctx, program, r.aMirror("Update", "N-2", "N-1"), alerts.Request{})
	r.ok(err)
	if up.ID != v.ID {
		t.Error("an update made another alert")
	}
	named := r.aMirror("Alert", "N-3")
	named.CaseNumbers = []string{"no", v.CaseNumber}
	other, err := r.Mirror(r.ctx, program, named, alerts.Request{})
	r.ok(err)
	if other.CaseID != v.CaseID || other.ID == v.ID {
		t.Errorf("a message that names the case made %+v", other)
	}
	// Without a decision of the authority on record nobody releases it.
	al, _ = r.Board.Alert(v.ID)
	if _, _, err := alerts.ReleaseRule(c, al, alerts.Release{ContentHash: al.Draft.ContentHash}, r.duty, r.Regions, r.now(), r.Random); alerts.CodeOf(err) != alerts.Invalid && alerts.CodeOf(err) != alerts.Forbidden {
		t.Errorf("it was released without a decision: %v", err)
	}
	end, err := r.Mirror(r.ctx, program, r.aMirror("Cancel", "N-4", "N-2"), alerts.Request{})
	r.ok(err)
	if end.ID != v.ID || end.State != alerts.AlertCancelled {
		t.Errorf("the end made %+v", end)
	}
	if _, err := r.Mirror(r.ctx, program, r.aMirror("Update", "N-5", "N-2"), alerts.Request{}); alerts.CodeOf(err) != alerts.Conflict {
		t.Errorf("an update after the end: %v", err)
	}
}

func TestWhoMayNotMirror(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, who := range []alerts.Actor{alerts.Public(), {ID: "p", Kind: alerts.KindPartner, Role: alerts.RolePartner}, r.officer} {
		if _, err := r.Mirror(r.ctx, who, r.aMirror("Alert", "N-1"), alerts.Request{}); alerts.CodeOf(err) != alerts.Forbidden {
			t.Errorf("%s: %v", who.Role, err)
		}
	}
	if _, err := r.Mirror(r.ctx, r.ana, r.aMirror("Cancel", "N-9", "N-8"), alerts.Request{}); alerts.CodeOf(err) != alerts.NotFound {
		t.Errorf("the end of what is not here: %v", err)
	}
	late := r.aMirror("Alert", "N-1")
	late.ExpiresAt = r.now().Add(-time.Minute)
	if _, err := r.Mirror(r.ctx, r.ana, late, alerts.Request{}); alerts.CodeOf(err) != alerts.Invalid {
		t.Errorf("a message that has run out: %v", err)
	}
}
