package partners_test

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

const secret = "Zqmediation"

// mediation opens one in a matter, with the lawyer and nobody else inside, and
// fills it.
func (o *office) mediation(matterID string) partners.MediationView {
	o.t.Helper()
	ctx := o.t.Context()
	v, err := o.OpenMediation(ctx, coordinator(), matterID, partners.NewMediation{OfferedOn: "2026-11-01", Named: []string{"le"}}, alerts.Request{})
	if err != nil {
		o.t.Fatal(err)
	}
	v, err = o.PatchInside(ctx, lawyer(), v.ID, v.Version, partners.InsidePatch{
		Mediators: alerts.Some([]partners.Mediator{{Name: secret + " Mira", Profession: "legal", Languages: []string{"sr", "de"}}}),
		Session:   &partners.NewSession{At: at(o.t, "2026-11-10 10:00"), Mode: "video", Note: secret + " session"},
		Note:      secret + " note", Draft: secret + " draft",
	}, alerts.Request{})
	if err != nil {
		o.t.Fatal(err)
	}
	return v
}

func everyone() []alerts.Actor {
	out := []alerts.Actor{operator(), coordinator(), duty(), lawyer(), otherLawyer(), alerts.Public()}
	for _, r := range alerts.Roles() {
		stepped := person("someone-"+string(r), r)
		stepped.StepUpAt = time.Unix(1, 0)
		out = append(out, stepped)
	}
	return out
}

func TestOnlyTheNamedLookInsideAMediation(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.newCase("case1")
	m := o.matter("case1")
	med := o.mediation(m.ID)
	if med.Content == nil || !med.Inside || len(med.Wanting) != 2 {
		t.Fatalf("%+v", med)
	}
	for _, a := range everyone() {
		v, err := o.Mediation(t.Context(), a, med.ID)
		if a.ID == "le" {
			if err != nil || !strings.Contains(toJSON(t, v), secret+" draft") {
				t.Errorf("the named person: %v %+v", err, v)
			}
			continue
		}
		if strings.Contains(toJSON(t, v), secret) || v.Inside {
			t.Errorf("%s sees inside: %+v", a.Role, v)
		}
		_, err = o.PatchInside(t.Context(), a, med.ID, med.Version, partners.InsidePatch{Note: "mine"}, alerts.Request{})
		wantCode(t, err, alerts.NotFound)
		_, err = o.PatchInside(t.Context(), a, "none", 1, partners.InsidePatch{}, alerts.Request{})
		wantCode(t, err, alerts.NotFound)
	}
	// Whoever is on the case sees that there is one, and when.
	v, err := o.Mediation(t.Context(), operator(), med.ID)
	if err != nil || v.OfferedOn != "2026-11-01" || v.Content != nil || !reflect.DeepEqual(v.Named, []string{"le"}) {
		t.Errorf("%v %+v", err, v)
	}
	for _, a := range []alerts.Actor{alerts.Public(), otherLawyer(), person("ad", alerts.RoleAdministrator), person("pr", alerts.RolePrivacyOfficer)} {
		_, err := o.Mediation(t.Context(), a, med.ID)
		wantCode(t, err, alerts.NotFound)
	}
}

// Everything that any role can ask of the desk, crawled for what is inside.
func TestMediationIsInNoOtherView(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	in := removal()
	in.Legal = []string{"lx"}
	m, err := o.OpenMatter(ctx, operator(), "case1", in, alerts.Request{})
	if err != nil {
		t.Fatal(err)
	}
	med := o.mediation(m.ID)
	desk := reflect.ValueOf(o.Desk)
	asked := 0
	for _, a := range everyone() {
		if a.ID == "le" {
			continue
		}
		for i := range desk.NumMethod() {
			name := desk.Type().Method(i).Name
			in, ok := readArguments(ctx, desk.Method(i).Type(), a, "case1", m.ID, med.ID)
			if !ok {
				continue
			}
			asked++
			for _, out := range desk.Method(i).Call(in) {
				if out.CanInterface() && out.Kind() != reflect.Interface && strings.Contains(toJSONOr(out.Interface()), secret) {
					t.Errorf("%s shows %s what is inside", name, a.Role)
				}
			}
		}
	}
	if asked < 200 {
		t.Errorf("only %d questions were asked", asked)
	}
	records, err := o.store.Reads(ctx, "node", 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if bytes.Contains(r, []byte("/content")) && !bytes.Contains(r, []byte(`"actor":"le"`)) {
			t.Errorf("%s", r)
		}
	}
}

// readArguments makes the arguments of a method that only reads: an actor, ids,
// and empty filters. It is false for others.
func readArguments(ctx context.Context, f reflect.Type, a alerts.Actor, ids ...string) ([]reflect.Value, bool) {
	var in []reflect.Value
	actor := false
	for i := range f.NumIn() {
		switch p := f.In(i); {
		case p == reflect.TypeFor[context.Context]():
			in = append(in, reflect.ValueOf(ctx))
		case p == reflect.TypeFor[alerts.Actor]():
			in, actor = append(in, reflect.ValueOf(a)), true
		case p == reflect.TypeFor[alerts.Request]():
			return nil, false // a command
		case p.Kind() == reflect.String:
			in = append(in, reflect.ValueOf(ids[(i+len(in))%len(ids)]).Convert(p))
		case p.Kind() == reflect.Struct:
			in = append(in, reflect.Zero(p))
		default:
			return nil, false
		}
	}
	return in, actor && !f.IsVariadic()
}

func TestMediationIsSealedApartAndErasedWithItsCase(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1")
	m := o.matter("case1")
	med := o.mediation(m.ID)
	changes, err := o.store.Changes(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		for _, l := range c.Lines {
			if bytes.Contains(l.Image, []byte(secret)) {
				t.Errorf("%s holds it readable", l.Key)
			}
		}
	}
	if _, err := o.store.Key(ctx, "mediations/"+med.ID); err != nil {
		t.Errorf("no key of its own: %v", err)
	}
	before := toJSON(t, must1(o.Mediation(ctx, lawyer(), med.ID)))
	o.Desk = o.open(bytes.Repeat([]byte{7}, 32))
	if after := toJSON(t, must1(o.Mediation(ctx, lawyer(), med.ID))); after != before {
		t.Errorf("before %s\nafter  %s", before, after)
	}
	keys := append(o.PartnerBoard().ErasureKeys("case1"), journal.Key{Collection: "cases", ID: "case1"})
	if len(keys) != 2 || keys[0].Collection != "mediations" {
		t.Fatalf("%v", keys)
	}
	_, err = o.Journal.Do(ctx, journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
		return journal.Outcome{Forget: keys}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := o.Mediation(ctx, lawyer(), med.ID)
		wantCode(t, err, alerts.NotFound)
		own, err := o.OwnMediations(ctx, lawyer())
		if err != nil || len(own) != 0 {
			t.Errorf("%v %v", err, own)
		}
		o.Desk = o.open(bytes.Repeat([]byte{7}, 32))
	}
	if _, err := o.store.Key(ctx, "mediations/"+med.ID); err == nil {
		t.Error("the key outlived the case")
	}
	r, err := journal.Verify(ctx, o.store)
	if err != nil || len(r.Problems) > 0 {
		t.Errorf("%v %v", err, r.Problems)
	}
}

func must1[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestMediationFromOfferToOrders(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1")
	m := o.matter("case1")
	_, err := o.OpenMediation(ctx, coordinator(), m.ID, partners.NewMediation{OfferedOn: "2027-01-01", Named: nil}, alerts.Request{})
	if got := wrong(err); got != "offered_on future; named required" {
		t.Error(got)
	}
	_, err = o.OpenMediation(ctx, coordinator(), m.ID, partners.NewMediation{OfferedOn: "2026-11-01", Named: []string{"nobody"}}, alerts.Request{})
	if got := wrong(err); got != "named unknown_account" {
		t.Error(got)
	}
	_, err = o.OpenMediation(ctx, lawyer(), m.ID, partners.NewMediation{OfferedOn: "2026-11-01", Named: []string{"le"}}, alerts.Request{})
	wantCode(t, err, alerts.NotFound)
	med := o.mediation(m.ID)
	_, err = o.PatchMediation(ctx, operator(), med.ID, med.Version, partners.MediationPatch{
		StartedOn: alerts.Some("2026-10-01"), Outcome: alerts.Some("agreed"), Orders: alerts.Some([]partners.MirrorOrder{{State: "x", GrantedOn: "2026-01-01", RequestedOn: "2026-02-01"}}),
	}, alerts.Request{})
	if got := wrong(err); got != "started_on too_early; outcome end_and_outcome; orders[0].state country; orders[0].granted_on too_early" {
		t.Error(got)
	}
	_, err = o.PatchMediation(ctx, operator(), med.ID, 0, partners.MediationPatch{}, alerts.Request{})
	wantCode(t, err, alerts.NeedsVersion)
	_, err = o.PatchMediation(ctx, operator(), med.ID, 1, partners.MediationPatch{}, alerts.Request{})
	wantCode(t, err, alerts.Stale)
	v, err := o.PatchMediation(ctx, operator(), med.ID, med.Version, partners.MediationPatch{
		StartedOn: alerts.Some("2026-11-05"), EndedOn: alerts.Some("2026-11-20"), Outcome: alerts.Some("agreed"),
		Orders: alerts.Some([]partners.MirrorOrder{{State: "RS", Court: "Example court", RequestedOn: "2026-11-20", GrantedOn: "2026-11-21"}}),
	}, alerts.Request{})
	if err != nil || !reflect.DeepEqual(v.Unenforceable, []string{"DE"}) {
		t.Errorf("%v %+v", err, v)
	}
	// Whoever is named may name others, but never nobody.
	_, err = o.PatchInside(ctx, lawyer(), med.ID, v.Version, partners.InsidePatch{Named: alerts.Some([]string{})}, alerts.Request{})
	if got := wrong(err); got != "named required" {
		t.Error(got)
	}
	v, err = o.PatchInside(ctx, lawyer(), med.ID, v.Version, partners.InsidePatch{Named: alerts.Some([]string{"co"})}, alerts.Request{})
	if err != nil || v.Inside {
		t.Errorf("%v %+v", err, v)
	}
	v, err = o.Mediation(ctx, coordinator(), med.ID)
	if err != nil || !v.Inside || len(v.Content.Drafts) != 1 {
		t.Errorf("%v %+v", err, v)
	}
}
