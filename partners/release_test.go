package partners

import (
	"context"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

var none = alerts.Request{}

func TestReleaseTellsAndMovesTheCase(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	belgrade, far := r.partner("Beograd", circle(20.46, 44.81, 5000)), r.partner("Lisboa", region("PT"))
	v, err := r.desk.DraftAlert(context.Background(), r.ana, "c1", r.draft(region("RS")), none)
	must(t, err)
	if v.Revision != 1 || v.State != alerts.AlertDraft || v.ContentHash == "" {
		t.Fatalf("draft answered %+v", v)
	}
	_, err = r.desk.Release(context.Background(), r.ana, v.ID, alerts.Release{ContentHash: v.ContentHash}, none)
	wantCode(t, err, alerts.Forbidden)
	_, err = r.desk.Release(context.Background(), r.boris, v.ID, alerts.Release{ContentHash: "other"}, none)
	wantCode(t, err, alerts.Conflict)
	r.release(v)
	_, err = r.desk.Release(context.Background(), r.boris, v.ID, alerts.Release{ContentHash: v.ContentHash}, none)
	wantCode(t, err, alerts.Conflict)
	c, _ := r.desk.Board.Case("c1")
	if c.State != alerts.StateActive {
		t.Fatalf("case is %s", c.State)
	}
	items := r.board.Owed(belgrade, 0)
	if len(items) != 1 || items[0].Kind != KindAlert || items[0].AlertID != v.ID || items[0].Revision != 1 || items[0].Cursor != r.board.Number() {
		t.Fatalf("Beograd is owed %+v", items)
	}
	if items := r.board.Owed(far, 0); items != nil {
		t.Fatalf("Lisboa is owed %+v", items)
	}
	told, _ := r.board.Told(v.ID)
	if told.Number != c.Number {
		t.Fatalf("told came with change %d, the case with %d", told.Number, c.Number)
	}
}

func TestAreaChangeWithdrawsFromThoseOutside(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	rs, hr, both := r.partner("rs", region("RS")), r.partner("hr", circle(15.98, 45.81, 1000)), r.partner("both", region("RS", "HR"))
	id := r.released("c1", r.draft(circle(20.46, 44.81, 5000)))
	before := r.board.Number()
	zagreb := circle(15.98, 45.81, 5000)
	r.update(id, alerts.AlertUpdate{Area: &zagreb})
	for partner, want := range map[string]Item{
		rs:   {Kind: KindWithdrawal, Reason: ReasonNotAddressed, Revision: 1},
		hr:   {Kind: KindAlert, Revision: 2},
		both: {Kind: KindAlert, Revision: 2},
	} {
		got := r.board.Owed(partner, before)
		if len(got) != 1 || got[0].Kind != want.Kind || got[0].Reason != want.Reason || got[0].Revision != want.Revision {
			t.Fatalf("owed %+v, want %+v", got, want)
		}
	}
	told, _ := r.board.Told(id)
	if len(told.Rounds) != 2 || len(told.Rounds[1].Partners) != 1 || told.Rounds[1].Partners[0] != hr || len(told.Ended) != 1 {
		t.Fatalf("told %+v", told)
	}
	r.cancel(id)
	if got := r.board.Owed(rs, 0); len(got) != 1 || got[0].Reason != ReasonNotAddressed {
		t.Fatalf("who lost sight is owed %+v", got)
	}
	if got := r.board.Owed(hr, 0); len(got) != 1 || got[0].Reason != ReasonCancelled || got[0].Revision != 2 {
		t.Fatalf("who saw it is owed %+v", got)
	}
	_, err := r.desk.Removed(context.Background(), of(hr), id, Act{By: "Iva"}, none)
	must(t, err)
	if got := r.board.Owed(hr, 0); got != nil {
		t.Fatalf("after removal %+v is owed", got)
	}
	r.forget(id)
	if got := r.board.Owed(both, 0); len(got) != 1 || got[0].Reason != ReasonErased || got[0].Revision != 2 {
		t.Fatalf("after erasure %+v is owed", got)
	}
}

func TestKosovoAndTolerance(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	rs, xk, km := r.partner("rs", region("RS")), r.partner("xk", region("XK")), r.partner("km", region("RS-KM"))
	// 44.81 north, one degree of longitude is about 79 km.
	edge, out := r.partner("edge", circle(20.46+0.18, 44.81, 100)), r.partner("out", circle(20.46+0.2, 44.81, 100))
	pristina := r.released("c1", r.draft(circle(21.17, 42.66, 2000)))
	for _, p := range []string{rs, xk, km} {
		if _, sees := r.board.ToldOf(p, pristina); !sees {
			t.Errorf("%s is not told of an alert in Priština", p)
		}
	}
	beograd := r.released("c1", r.draft(circle(20.46, 44.81, 5000)))
	if _, sees := r.board.ToldOf(edge, beograd); !sees {
		t.Error("a partner 9.1 km away is not told")
	}
	if told, _ := r.board.ToldOf(out, beograd); told {
		t.Error("a partner 10.7 km away is told")
	}
	a, err := r.desk.Audience(r.ana, beograd)
	must(t, err)
	for _, item := range a.Partners {
		if item.PartnerID == edge && (item.Why.Code != "distance" || item.Why.DistanceM < 8000) {
			t.Errorf("edge matched by %+v", item.Why)
		}
		if item.PartnerID == rs && item.Why.Code != "region" {
			t.Errorf("rs matched by %+v", item.Why)
		}
	}
}

func TestAudienceSaysWhoIsLeftOut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	rs := r.partner("rs", region("RS"))
	pending, err := r.desk.CreatePartner(context.Background(), r.admin, NewPartner{Name: "new", Coverage: region("RS"), Languages: []string{"hu"}}, none)
	must(t, err)
	lapsed := r.partner("lapsed", region("RS"))
	v, _ := r.board.Partner(lapsed)
	agreement := Agreement{Reference: "A-1", ValidUntil: r.now().Add(-time.Hour)}
	_, err = r.desk.PatchPartner(context.Background(), r.admin, lapsed, PartnerPatch{Agreement: &agreement}, v.Version, none)
	must(t, err)
	in := r.draft(region("RS"))
	in.Texts = map[string]alerts.DraftText{"en": {Headline: "Missing child", Description: "Blue jacket"}}
	d, err := r.desk.DraftAlert(context.Background(), r.ana, "c1", in, none)
	must(t, err)
	a, err := r.desk.Audience(r.boris, d.ID)
	must(t, err)
	if len(a.Partners) != 1 || a.Partners[0].PartnerID != rs || !a.Partners[0].Unread || !a.Partners[0].New {
		t.Errorf("partners %+v", a.Partners)
	}
	if len(a.Excluded) != 2 || a.Excluded[0].Excluded != "no_agreement" || a.Excluded[1].PartnerID != pending.ID || a.Excluded[1].Excluded != "pending" {
		t.Errorf("excluded %+v", a.Excluded)
	}
	if len(a.MissingLanguages) != 1 || a.MissingLanguages[0] != "sr-Latn" {
		t.Errorf("missing languages %v", a.MissingLanguages)
	}
}

func TestPartnerChangesSettleLiveAlerts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	ctx := context.Background()
	id := r.released("c1", r.draft(region("RS")))
	if _, ok := r.board.Told(id); ok {
		t.Fatal("told though there is nobody")
	}
	p := r.partner("rs", region("PT"))
	wantCode(t, r.desk.Address(ctx, p, []string{id}), alerts.NotFound)
	v, _ := r.board.Partner(p)
	coverage := region("RS")
	_, err := r.desk.PatchPartner(ctx, r.admin, p, PartnerPatch{Coverage: &coverage}, v.Version, none)
	must(t, err)
	if got := r.board.Current(p); len(got) != 1 || got[0] != id {
		t.Fatalf("new coverage sees %v", got)
	}
	_, err = r.desk.SuspendPartner(ctx, r.admin, p, none)
	must(t, err)
	if got := r.board.Owed(p, 0); len(got) != 1 || got[0].Reason != ReasonNotAddressed {
		t.Fatalf("suspended partner is owed %+v", got)
	}
	_, err = r.desk.ApprovePartner(ctx, r.second, p, none)
	must(t, err)
	if got := r.board.Owed(p, 0); len(got) != 1 || got[0].Kind != KindAlert {
		t.Fatalf("partner approved again is owed %+v", got)
	}
	r.wait(366 * 24 * time.Hour)
	if due := r.desk.PartnersDue(r.now()); len(due) != 1 || due[0] != p {
		t.Fatalf("due %v", due)
	}
	must(t, r.desk.SettlePartner(ctx, p))
	if due := r.desk.PartnersDue(r.now()); len(due) != 0 || len(r.board.Current(p)) != 0 {
		t.Fatalf("still due %v", due)
	}
	told, _ := r.board.Told(id)
	if len(told.Rounds) != 2 || len(told.Ended) != 2 {
		t.Fatalf("told %+v", told)
	}
}

func TestPublicReleaseTakesTwoPeople(t *testing.T) {
	t.Parallel()
	ctx, regions := context.Background(), geo.MustBuiltin()
	for name, c := range map[string]struct {
		author, releaser string
		emergency        bool
		level            alerts.Level
		want             alerts.Code
	}{
		"two people":                     {"ana", "boris", false, alerts.LevelPublicAppeal, ""},
		"one person":                     {"ana", "ana", false, alerts.LevelPublicAppeal, alerts.Forbidden},
		"one person in an emergency":     {"ana", "ana", true, alerts.LevelPublicAppeal, ""},
		"a program releases":             {"ana", "robot", false, alerts.LevelPublicAppeal, alerts.Forbidden},
		"a program in an emergency":      {"robot", "robot", true, alerts.LevelPublicAppeal, alerts.Forbidden},
		"a program wrote":                {"robot", "ana", false, alerts.LevelNationalMirror, alerts.Forbidden},
		"a program releases to partners": {"ana", "robot", false, alerts.LevelPartner, ""},
		"one program alone":              {"robot", "robot", false, alerts.LevelPartner, alerts.Forbidden},
		"a program alone, emergency":     {"robot", "robot", true, alerts.LevelPartner, alerts.Forbidden},
		"internal by a program":          {"ana", "robot", false, alerts.LevelInternal, ""},
		"disabled meanwhile":             {"ana", "gone", false, alerts.LevelPartner, alerts.Forbidden},
		"other role meanwhile":           {"ana", "moved", false, alerts.LevelPartner, alerts.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRigOn(t, regions)
			r.newCase("c1")
			actors := map[string]alerts.Actor{"ana": r.ana, "boris": r.boris, "robot": r.account("robot", alerts.KindService, alerts.RoleCoordinator)}
			actors["gone"] = r.account("gone", alerts.KindPerson, alerts.RoleCoordinator)
			gone, _ := r.desk.Board.Account("gone")
			disabled := *gone
			disabled.DisabledAt = r.now()
			r.put(&disabled)
			actors["moved"] = r.account("moved", alerts.KindPerson, alerts.RoleCoordinator)
			account, _ := r.desk.Board.Account("moved")
			moved := *account
			moved.Role = alerts.RoleVolunteer
			r.put(&moved)
			in := r.draft(circle(20.46, 44.81, 5000))
			in.Level, in.DecisionID = c.level, "decision"
			v, err := r.desk.DraftAlert(ctx, actors[c.author], "c1", in, none)
			must(t, err)
			release := alerts.Release{ContentHash: v.ContentHash}
			if c.emergency {
				release.Emergency = &alerts.EmergencyReason{Reason: "nobody else can be reached"}
			}
			_, err = r.desk.Release(ctx, actors[c.releaser], v.ID, release, none)
			wantCode(t, err, c.want)
			if c.want != "" {
				return
			}
			al, _ := r.desk.Board.Alert(v.ID)
			if got := al.Current().Emergency != nil; got != c.emergency {
				t.Errorf("emergency noted: %t", got)
			}
			if c.emergency {
				if due := al.Current().Emergency.ReviewDue; !due.Equal(r.now().Add(24 * time.Hour)) {
					t.Errorf("review due %s", due)
				}
				_, err := r.desk.ReviewAlert(ctx, actors[c.releaser], v.ID, none)
				wantCode(t, err, alerts.Forbidden)
				_, err = r.desk.ReviewAlert(ctx, r.boris, v.ID, none)
				must(t, err)
			}
			if (al.Slug != "") != c.level.IsPublic() {
				t.Errorf("slug %q", al.Slug)
			}
		})
	}
}

func TestPublicReleaseNeedsConsentNow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	in := r.draft(geo.Area{Regions: []string{"RS"}})
	in.Level, in.DecisionID = alerts.LevelPublicAppeal, "decision"
	v, err := r.desk.DraftAlert(context.Background(), r.ana, "c1", in, none)
	must(t, err)
	c, _ := r.desk.Board.Case("c1")
	withdrawn := *c
	withdrawn.Consents = []alerts.Consent{{ID: "consent", Class: alerts.P1, Audience: "public", WithdrawnAt: r.now()}}
	r.put(&withdrawn)
	_, err = r.desk.Release(context.Background(), r.boris, v.ID, alerts.Release{ContentHash: v.ContentHash}, none)
	wantCode(t, err, alerts.Invalid)
	override := withdrawn
	override.Consents = append(override.Consents, alerts.Consent{ID: "override", Class: alerts.P0, Audience: "public", Basis: "override", ExpiresAt: r.now().Add(time.Hour)})
	r.put(&override)
	r.release(v)
	c, _ = r.desk.Board.Case("c1")
	if c.State != alerts.StatePublic {
		t.Fatalf("case is %s", c.State)
	}
}
