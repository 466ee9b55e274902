package partners

import (
	"bytes"
	"context"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/store"
)

// withColleagues gives an organisation two people, one with an e-mail address, and
// returns somebody of it who has signed in.
func (r *rig) withColleagues(partner string) (alerts.Actor, []Person) {
	r.t.Helper()
	var err error
	r.desk.Ring, err = alerts.OpenRing(context.Background(), bytes.Repeat([]byte{7}, 32), store.NewMemory()) // links are sealed
	must(r.t, err)
	v, _ := r.board.Partner(partner)
	people := []Person{{Name: "Iva Ivić", Email: "iva@example.org", Phone: "+381 11 000 0041"}, {Name: "Mila Milić", Phone: "+381 11 000 0042"}}
	_, err = r.desk.PatchPartner(context.Background(), r.admin, partner, PartnerPatch{People: &people}, v.Version, none)
	must(r.t, err)
	v, _ = r.board.Partner(partner)
	r.put(&alerts.Account{Head: journal.Head{ID: "own-" + partner}, Kind: alerts.KindPerson, Role: alerts.RolePartner, Name: "Una Unić", Partner: partner})
	return alerts.Actor{ID: "own-" + partner, Kind: alerts.KindPerson, Role: alerts.RolePartner, Name: "Una Unić", Partner: partner}, v.named()
}

// leaving takes every step that is due and returns what would leave.
func (r *rig) leaving() []Dispatch {
	r.t.Helper()
	var out []Dispatch
	ctx := context.Background()
	for alert, due := range r.desk.StepsDue(r.now()) {
		jobs, err := r.desk.TakeSteps(ctx, alert, due, 100)
		must(r.t, err)
		for _, j := range jobs {
			if d, ok := r.desk.Prepare(j, r.now()); ok {
				out = append(out, d)
			}
			must(r.t, r.desk.Report(ctx, j, Result{OK: true}, 0.5))
		}
	}
	return out
}

func TestAnAlertIsHandedToAColleague(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	r.newCase("c1")
	p := r.partner("one", region("RS"))
	una, people := r.withColleagues(p)
	al := r.released("c1", r.draft(region("RS")))
	r.leaving()
	before, _ := r.board.dueOf(deliveryID(al, p), r.now())
	v, err := r.desk.HandToColleague(ctx, una, al, ToColleague{Person: people[0].ID, Note: "Nearest to the station"}, none)
	must(t, err)
	if v.Handled == nil || v.Handled.Name != "Iva Ivić" || v.Handled.By != "Una Unić" || v.State != DeliveryWaiting || v.Times.Answered != nil {
		t.Fatalf("handed over: %+v", v)
	}
	lines, err := r.desk.Deliveries(r.ana, al)
	must(t, err)
	if h := lines[0].Handled; h == nil || h.Note != "Nearest to the station" {
		t.Error("the desk does not see who has it in hand")
	}
	mails := r.leaving()
	if len(mails) != 1 || mails[0].Kind != KindHandover || mails[0].To != "iva@example.org" || mails[0].Code == "" {
		t.Fatalf("the colleague is told by %+v", mails)
	}
	if after, ok := r.board.dueOf(deliveryID(al, p), r.now()); !ok || !after.Equal(before) {
		t.Errorf("the silence clock moved from %s to %s", before, after)
	}
	if again := r.leaving(); len(again) != 0 {
		t.Errorf("told again: %+v", again)
	}
	_, err = r.desk.HandToColleague(ctx, una, al, ToColleague{Person: people[0].ID}, none)
	must(t, err)
	if len(r.leaving()) != 0 {
		t.Error("handing to the same person tells them again")
	}
	_, _, opened, err := r.desk.OpenLink(ctx, mails[0].Code)
	must(t, err)
	if v, _ := r.desk.ownDelivery(p, al); opened != al || v.State != DeliveryOpened {
		t.Errorf("the link opened %s: %+v", opened, v)
	}
	v, err = r.desk.HandToColleague(ctx, una, al, ToColleague{}, none)
	must(t, err)
	if v.Handled != nil || v.Steps[len(v.Steps)-1].State != stepTakenBack {
		t.Errorf("taken back: %+v", v)
	}
	r.cancel(al)
	if ends := r.leaving(); len(ends) != 1 || ends[0].Kind != KindWithdrawal || ends[0].To != "iva@example.org" {
		t.Errorf("who was told of it is told of its end by %+v", ends)
	}
	_, err = r.desk.HandToColleague(ctx, una, al, ToColleague{Person: people[1].ID}, none)
	wantCode(t, err, alerts.Gone)
}

func TestWhoTakesItBackBeforeTheMessageLeavesTellsNobody(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	r.newCase("c1")
	p := r.partner("one", region("RS"))
	una, people := r.withColleagues(p)
	al := r.released("c1", r.draft(region("RS")))
	r.leaving()
	for _, person := range []string{people[0].ID, people[1].ID} {
		_, err := r.desk.HandToColleague(ctx, una, al, ToColleague{Person: person}, none)
		must(t, err)
	}
	if mails := r.leaving(); len(mails) != 0 {
		t.Errorf("sent %+v", mails)
	}
	r.wait(time.Minute)
}

func TestWhoMayNotHandOver(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	r.newCase("c1")
	p, other := r.partner("one", region("RS")), r.partner("two", region("FR"))
	una, people := r.withColleagues(p)
	stranger, _ := r.withColleagues(other)
	al := r.released("c1", r.draft(region("RS")))
	to := ToColleague{Person: people[0].ID}
	_, err := r.desk.HandToColleague(ctx, of(p), al, to, none)
	wantCode(t, err, alerts.Forbidden) // a program
	_, err = r.desk.HandToColleague(ctx, stranger, al, to, none)
	wantCode(t, err, alerts.NotFound)
	_, err = r.desk.HandToColleague(ctx, r.ana, al, to, none)
	wantCode(t, err, alerts.Forbidden)
	_, err = r.desk.HandToColleague(ctx, una, al, ToColleague{Person: "somebody"}, none)
	wantCode(t, err, alerts.Invalid)
	_, err = r.desk.HandToColleague(ctx, una, "none", to, none)
	wantCode(t, err, alerts.NotFound)
}
