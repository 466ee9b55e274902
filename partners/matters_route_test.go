package partners_test

import (
	"context"
	"testing"

	"homeward/alerts"
	"homeward/partners"
)

func TestRouteIsFoundAndDecided(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	m := o.matter("case1")
	v, err := o.Route(ctx, operator(), m.ID)
	if err != nil || v.Proposed != "hague1980" || v.Decided != "" || len(v.Findings) != 6 || v.Findings[0].Answer != "applies" || v.Findings[0].Verified {
		t.Fatalf("%v %s", err, toJSON(t, v))
	}
	if got := v.Findings[1]; got.Instrument != "brussels2a" || got.Answer != "does_not_apply" {
		t.Errorf("%s", toJSON(t, got))
	}

	_, err = o.DecideRoute(ctx, operator(), m.ID, partners.NewRoute{Route: "non_hague"}, alerts.Request{})
	if got := wrong(err); got != "why required" {
		t.Errorf("another route than the one found without a reason: %q", got)
	}
	_, err = o.DecideRoute(ctx, operator(), m.ID, partners.NewRoute{Route: "by_sea", Why: "x"}, alerts.Request{})
	if got := wrong(err); got != "route unknown_value" {
		t.Errorf("%q", got)
	}
	if v, err = o.DecideRoute(ctx, operator(), m.ID, partners.NewRoute{Route: "hague1980"}, alerts.Request{}); err != nil || v.Decided != "hague1980" {
		t.Fatalf("%v %+v", err, v)
	}
	v, err = o.DecideRoute(ctx, coordinator(), m.ID, partners.NewRoute{Route: "luxembourg1980", Why: "There is a decision to be enforced."}, alerts.Request{})
	if err != nil || v.Decided != "luxembourg1980" || len(v.History) != 2 || v.History[0].By != "co" || v.History[0].Why == "" || v.History[0].Found != "hague1980" || v.History[1].By != "op" {
		t.Fatalf("%v %s", err, toJSON(t, v))
	}
	for _, a := range []alerts.Actor{lawyer(), person("vo", alerts.RoleVolunteer)} {
		_, err = o.Route(ctx, a, m.ID)
		wantCode(t, err, alerts.NotFound)
		_, err = o.Procedure(ctx, a, m.ID)
		wantCode(t, err, alerts.NotFound)
	}

	// A route that is changed with the facts is on record as well.
	now, err := o.Matter(ctx, operator(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = o.PatchMatter(ctx, operator(), m.ID, now.Version, partners.MatterPatch{LegalRoute: alerts.Some("hague1980")}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	if v, err = o.Route(ctx, operator(), m.ID); err != nil || len(v.History) != 3 || v.History[0].Route != "hague1980" || v.History[0].By != "op" {
		t.Errorf("%v %s", err, toJSON(t, v))
	}
}

func TestUnknownRouteAsks(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	in := removal()
	in.ToState = "HU"
	m, err := o.OpenMatter(ctx, operator(), "case1", in, alerts.Request{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := o.Route(ctx, operator(), m.ID)
	if err != nil || v.Proposed != "" || v.Findings[0].Answer != "unknown" || v.Findings[0].Check == "" || len(v.Options) == 0 {
		t.Errorf("%v %s", err, toJSON(t, v))
	}
	if p, err := o.Procedure(ctx, operator(), m.ID); err != nil || p.Steps[1].Step != "find_route" {
		t.Errorf("%v %s", err, toJSON(t, p))
	}
}
