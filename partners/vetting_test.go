package partners

import (
	"context"
	"slices"
	"testing"
	"time"

	"homeward/alerts"
)

// vetted makes an approved organisation whose agreement outlasts the test.
func (r *rig) vetted(name string) string {
	r.t.Helper()
	id := r.partner(name, region("RS"))
	long := Agreement{Reference: "A-2", ValidUntil: r.now().AddDate(5, 0, 0)}
	_, err := r.desk.PatchPartner(context.Background(), r.admin, id, PartnerPatch{Agreement: &long}, 2, alerts.Request{})
	must(r.t, err)
	return id
}

func (r *rig) reasons(id string) []string {
	r.t.Helper()
	all, err := r.desk.PartnersToLookAfter(r.ana)
	must(r.t, err)
	var out []string
	for _, c := range all {
		if c.PartnerID == id {
			out = append(out, c.Reason)
		}
	}
	return out
}

// TestWhoIsNotLookedAtAgainGetsDrillsOnly turns the clock through a year, its
// grace, and the next vetting. The control is one that was looked at in time.
func TestWhoIsNotLookedAtAgainGetsDrillsOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	late, kept := r.vetted("Zaboravljen"), r.vetted("Redovan")
	r.wait(340 * 24 * time.Hour)
	if got := r.reasons(late); !slices.Equal(got, []string{CareVettingDue}) {
		t.Fatalf("before the year is over: %v", got)
	}
	_, err := r.desk.VetPartner(ctx, r.second, kept, NewVetting{Note: "Registar udruženja."}, alerts.Request{})
	must(t, err)
	r.wait(26 * 24 * time.Hour)
	if got := r.reasons(late); !slices.Equal(got, []string{CareVettingOverdue}) {
		t.Fatalf("after the year: %v", got)
	}
	r.newCase("one")
	in := r.draft(region("RS"))
	in.ExpiresAt = r.now().AddDate(0, 0, 60)
	alert := r.released("one", in)
	if n := len(r.board.Current(late)); n != 1 {
		t.Fatalf("in the grace it sees %d alerts", n)
	}
	r.wait(30 * 24 * time.Hour)
	for _, id := range r.desk.PartnersDue(r.now()) {
		must(t, r.desk.SettlePartner(ctx, id))
	}
	if owed := r.board.Unconfirmed(late); len(owed) != 1 || owed[0].Reason != ReasonNotAddressed {
		t.Errorf("after the grace it is owed %+v", owed)
	}
	if got := r.board.Current(kept); !slices.Equal(got, []string{alert}) {
		t.Errorf("the one who was looked at sees %v", got)
	}
	all, err := r.desk.PartnersToLookAfter(r.ana)
	must(t, err)
	if c := all[0]; c.PartnerID != late || c.Reason != CareVettingLapsed || c.Missed != 1 {
		t.Errorf("the desk is told %+v", all)
	}
	drill := r.drill(NewDrill{All: true})
	if got := r.board.Current(late); !slices.Equal(got, []string{drill.ID}) {
		t.Errorf("it sees %v, want the drill", got)
	}
	if !r.desk.PartnerStands(late) {
		t.Error("its people are shut out, though drills go to them")
	}
	_, err = r.desk.VetPartner(ctx, r.second, late, NewVetting{Note: "Razgovor sa direktorkom."}, alerts.Request{})
	must(t, err)
	if got := r.board.Current(late); len(got) != 2 {
		t.Errorf("looked at again it sees %v", got)
	}
}

func TestVettingIsByAnother(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	id := r.vetted("Radio")
	_, err := r.desk.VetPartner(ctx, r.admin, id, NewVetting{}, alerts.Request{}) // who entered it
	wantCode(t, err, alerts.Forbidden)
	_, err = r.desk.VetPartner(ctx, of(id), id, NewVetting{}, alerts.Request{})
	wantCode(t, err, alerts.Forbidden)
	_, err = r.desk.VetPartner(ctx, r.second, id, NewVetting{Note: "a\nb"}, alerts.Request{})
	wantCode(t, err, alerts.Invalid)
	_, err = r.desk.PartnersToLookAfter(of(id))
	wantCode(t, err, alerts.NotFound)
	v, err := r.desk.VetPartner(ctx, r.ana, id, NewVetting{Note: "Registar."}, alerts.Request{})
	must(t, err)
	if n := len(v.Vettings); n != 2 || v.Vettings[1].Note != "Registar." || v.Vettings[1].By != "ana" {
		t.Errorf("vettings: %+v", v.Vettings)
	}
	own, err := r.desk.Partner(ctx, of(id), id)
	must(t, err)
	if own.Vettings[1].Note != "" {
		t.Error("the organisation reads the desk's note about it")
	}
}

func TestTheDeskIsToldBeforeThingsEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.partner("Radio", region("RS"))
	_, err := r.desk.CreateKey(context.Background(), r.admin, id, NewKey{Name: "machine"}, alerts.Request{})
	must(t, err)
	if got := r.reasons(id); len(got) != 0 {
		t.Fatalf("all is well: %v", got)
	}
	r.wait(80 * 24 * time.Hour)
	if got := r.reasons(id); !slices.Equal(got, []string{CareKeyEnds}) {
		t.Errorf("ten days before the key ends: %v", got)
	}
	r.wait(260 * 24 * time.Hour)
	if got := r.reasons(id); !slices.Equal(got, []string{CareAgreementEnds, CareVettingDue}) {
		t.Errorf("before the agreement ends: %v", got)
	}
	r.wait(26 * 24 * time.Hour)
	if got := r.reasons(id); !slices.Equal(got, []string{CareNoAgreement, CareVettingOverdue}) {
		t.Errorf("after the agreement: %v", got)
	}
}
