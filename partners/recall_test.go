package partners

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"homeward/alerts"
)

// recalled writes the places of an alert as "place state", with its revision.
func (r *rig) recalled(id string) []string {
	r.t.Helper()
	v, err := r.desk.Recall(r.ana, id)
	must(r.t, err)
	var out []string
	for _, p := range v.Items {
		out = append(out, fmt.Sprintf("%s%s%s %d %s", p.Place, p.PartnerName, p.File, p.Revision, p.State))
	}
	if v.Unconfirmed+v.Confirmed+v.Gone+v.Out != len(out) {
		r.t.Errorf("counted %+v of %d", v, len(out))
	}
	slices.Sort(out)
	return out
}

func TestRecallListsEveryPlace(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	ctx := context.Background()
	a, b := r.partner("a", region("RS")), r.partner("b", region("RS"))
	named, on := r.board.partners[b], true
	_, err := r.desk.PatchPartner(ctx, r.admin, b, PartnerPatch{PFIF: &on}, named.Version, none)
	must(t, err)
	in := r.draft(region("RS"))
	in.Level, in.DecisionID = alerts.LevelPublicAppeal, "decision"
	id := r.released("c1", in)
	must(t, r.desk.MakePaper(ctx, r.ana, id, "poster.pdf"))
	must(t, r.desk.MakePaper(ctx, r.boris, id, "poster.pdf"))
	wantPlaces := func(when string, want ...string) {
		t.Helper()
		if got := r.recalled(id); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	wantPlaces("live", "atom 1 out", "cap 1 out", "page 1 out", "paperposter.pdf 1 out", "partnera 1 out", "partnerb 1 out", "pfifb 1 out")
	_, err = r.desk.PapersTakenDown(ctx, r.ana, id, none)
	wantCode(t, err, alerts.Conflict)
	r.cancel(id)
	wantPlaces("cancelled", "atom 1 gone", "cap 1 gone", "page 1 gone", "paperposter.pdf 1 unconfirmed", "partnera 1 unconfirmed", "partnerb 1 unconfirmed", "pfifb 1 unconfirmed")
	if v, _ := r.desk.Recall(r.ana, id); v.Items[0].State != RecallUnconfirmed || v.Unconfirmed != 4 {
		t.Errorf("what is left to do does not come first: %+v", v.Items[0])
	}
	_, err = r.desk.Removed(ctx, of(b), id, Act{By: "Iva"}, none)
	must(t, err)
	_, err = r.desk.PapersTakenDown(ctx, r.ana, id, none)
	must(t, err)
	wantPlaces("confirmed", "atom 1 gone", "cap 1 gone", "page 1 gone", "paperposter.pdf 1 confirmed", "partnera 1 unconfirmed", "partnerb 1 confirmed", "pfifb 1 confirmed")
	_, err = r.desk.Recall(of(a), id)
	wantCode(t, err, alerts.NotFound)
}

func TestRecallOfWhoIsLeftBehind(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	r.partner("rs", region("RS"))
	r.partner("pl", region("PL"))
	id := r.released("c1", r.draft(region("RS", "PL")))
	area := region("PL")
	r.update(id, alerts.AlertUpdate{Area: &area})
	if got, want := r.recalled(id), []string{"cap 2 out", "partnerpl 2 out", "partnerrs 1 unconfirmed"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
