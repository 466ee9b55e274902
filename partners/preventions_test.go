package partners_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

func toJSONOr(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

func feared() partners.NewPrevention {
	return partners.NewPrevention{
		Children: []partners.PreventedChild{{Name: "Zqchild Primer", BirthDate: "2016-03", Nationalities: []string{"RS", "DE"}}},
		Worried:  "Zqworried", Feared: "Zqfeared", ToStates: []string{"DE"},
	}
}

func (o *office) prevention(in partners.NewPrevention) partners.PreventionView {
	o.t.Helper()
	v, err := o.OpenPrevention(o.t.Context(), operator(), in, alerts.Request{})
	if err != nil {
		o.t.Fatal(err)
	}
	return v
}

func TestPreventionStandsWithoutACase(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	v := o.prevention(feared())
	if _, ok := alerts.NormalCaseNumber(v.Number); !ok || v.State != "open" || v.Owner != "op" || v.Children[0].Name != "Zqchild Primer" {
		t.Errorf("%+v", v)
	}
	_, err := o.OpenPrevention(ctx, operator(), partners.NewPrevention{ToStates: []string{"Germany"}, Owner: "nobody", ContactID: "none"}, alerts.Request{})
	if got := wrong(err); got != "contact_id unknown_contact; to_states country; owner unknown_account; children required" {
		t.Error(got)
	}
	for _, a := range everyone() {
		seen, err := o.Prevention(ctx, a, v.ID)
		staff := a.Role == alerts.RoleOperator || a.Role == alerts.RoleCoordinator || a.Role == alerts.RoleDutyOfficer || a.Role == alerts.RolePoliceLiaison
		if staff != (err == nil) || staff != strings.Contains(toJSON(t, seen), "Zqfeared") {
			t.Errorf("%s: %v %+v", a.Role, err, seen)
		}
		page, err := o.Preventions(ctx, a, partners.PreventionFilter{})
		if err != nil || staff != (len(page.Items) == 1) {
			t.Errorf("%s: %v %d", a.Role, err, len(page.Items))
		}
		if !staff {
			_, err = o.OpenPrevention(ctx, a, feared(), alerts.Request{})
			if code := alerts.CodeOf(err); code != alerts.NotFound && code != alerts.Forbidden {
				t.Errorf("%s: %v", a.Role, err)
			}
		}
	}
	// It gets its case later, and is then as visible as that.
	o.newCase("case1")
	c, _ := o.Board.Case("case1")
	hidden := *c
	hidden.Restricted, hidden.Team = true, []string{"op"}
	o.put(&hidden)
	if _, err := o.PatchPrevention(ctx, operator(), v.ID, v.Version, partners.PreventionPatch{CaseID: alerts.Some("case1"), State: alerts.Some("happened")}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	_, err = o.Prevention(ctx, coordinator(), v.ID)
	wantCode(t, err, alerts.NotFound)
	changes, err := o.store.Changes(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		for _, l := range c.Lines {
			if bytes.Contains(l.Image, []byte("Zq")) {
				t.Errorf("%s holds a name readable", l.Key)
			}
		}
	}
	before := toJSON(t, must1(o.Prevention(ctx, operator(), v.ID)))
	o.Desk = o.open(bytes.Repeat([]byte{7}, 32))
	if after := toJSON(t, must1(o.Prevention(ctx, operator(), v.ID))); after != before {
		t.Errorf("before %s\nafter  %s", before, after)
	}
	if keys := o.PartnerBoard().ErasureKeys("case1"); len(keys) != 1 || keys[0] != (journal.Key{Collection: "preventions", ID: v.ID}) {
		t.Errorf("%v", keys)
	}
}

func TestFactorsMeasuresAndConsents(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	v := o.prevention(feared())
	_, err := o.MarkFactors(ctx, operator(), v.ID, partners.NewFactors{Factors: []partners.NewFactor{{Factor: "invented", Present: "perhaps"}}}, alerts.Request{})
	if got := wrong(err); got != "factors[0].factor unknown_value; factors[0].present unknown_value" {
		t.Error(got)
	}
	for _, present := range []string{"unknown", "yes", "yes"} {
		if v, err = o.MarkFactors(ctx, coordinator(), v.ID, partners.NewFactors{Factors: []partners.NewFactor{{Factor: "prior_threat", Present: present}}}, alerts.Request{}); err != nil {
			t.Fatal(err)
		}
	}
	if len(v.Factors) != 2 || v.Factors[0].Current || !v.Factors[1].Current || !v.Factors[1].Verified || v.Factors[1].Source == "" {
		t.Errorf("%+v", v.Factors)
	}
	_, err = o.AddMeasure(ctx, operator(), v.ID, partners.NewMeasure{
		Kind: "wall", Country: "rs", RequestedOn: "2026-11-20", ConfirmedOn: "2026-11-01", RefusedOn: "2026-11-21", InstitutionID: "none",
	}, alerts.Request{})
	if got := wrong(err); !strings.Contains(got, "kind unknown_value; country country; institution_id unknown_institution") || !strings.Contains(got, "confirmed_on too_early") || !strings.Contains(got, "refused_on confirmed_and_refused") {
		t.Error(got)
	}
	v, err = o.AddMeasure(ctx, operator(), v.ID, partners.NewMeasure{Kind: "sis_32_1_c", Country: "HU", RequestedOn: "2026-11-20", RequestedBy: "Example parent"}, alerts.Request{})
	if err != nil || v.Measures[0].State != "requested" || !v.Measures[0].Verified {
		t.Fatalf("%v %+v", err, v)
	}
	v, err = o.ChangeMeasure(ctx, operator(), v.ID, v.Measures[0].ID, partners.NewMeasure{Kind: "sis_32_1_c", Country: "HU", RequestedOn: "2026-11-20", ConfirmedOn: "2026-11-21", ExpiresOn: "2026-12-01"}, alerts.Request{})
	if err != nil || len(v.Measures) != 1 || v.Measures[0].State != "confirmed" {
		t.Fatalf("%v %+v", err, v)
	}
	_, err = o.ChangeMeasure(ctx, operator(), v.ID, "none", partners.NewMeasure{}, alerts.Request{})
	wantCode(t, err, alerts.NotFound)
	_, err = o.AddPermission(ctx, operator(), v.ID, partners.NewPermission{GivenBy: "Example parent", ToState: "DE", From: "2026-11-10"}, alerts.Request{})
	if got := wrong(err); got != "until required" {
		t.Error(got)
	}
	v, err = o.AddPermission(ctx, operator(), v.ID, partners.NewPermission{GivenBy: "Example parent", ToState: "DE", From: "2026-11-10", Until: "2026-11-20"}, alerts.Request{})
	if err != nil || v.Consents[0].State != "over" {
		t.Fatalf("%v %+v", err, v)
	}
	list, err := o.Deadlines(ctx, operator(), partners.DeadlineFilter{})
	if got, want := lines(list), "2026-11-20 overdue stay \n2026-12-01 running measure sis_32_1_c\n"; err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
	v, err = o.EndPermission(ctx, operator(), v.ID, v.Consents[0].ID, partners.PermissionEnd{BackOn: "2026-11-21"}, alerts.Request{})
	if err != nil || v.Consents[0].State != "back" {
		t.Errorf("%v %+v", err, v)
	}
	if v, err = o.AddTelling(ctx, operator(), v.ID, partners.NewTelling{At: at(t, "2026-11-21 09:00"), Who: "School", What: "Not to hand over"}, alerts.Request{}); err != nil || len(v.Told) != 1 {
		t.Errorf("%v %+v", err, v)
	}
}

func TestAlarmBeforeAJourneyFiresOnce(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	v := o.prevention(feared())
	_, err := o.AddJourney(ctx, operator(), v.ID, partners.NewJourney{On: "2026-11-01", AlarmDays: 100}, alerts.Request{})
	if got := wrong(err); got != "on past; alarm_days out_of_range" {
		t.Error(got)
	}
	v, err = o.AddJourney(ctx, operator(), v.ID, partners.NewJourney{On: "2026-12-24", ToState: "DE"}, alerts.Request{})
	if err != nil || v.Journeys[0].State != "waiting" || !v.Journeys[0].AlarmAt.Equal(at(t, "2026-12-17 08:00")) {
		t.Fatalf("%v %+v", err, v.Journeys)
	}
	steps := func() {
		t.Helper()
		for range 3 {
			if err := o.TakePreventionSteps(ctx, o.clock()); err != nil {
				t.Fatal(err)
			}
		}
	}
	steps()
	tip := o.Journal.Tip().Number
	o.to("2026-12-17 08:00")
	steps()
	if n := o.Journal.Tip().Number; n != tip+1 {
		t.Errorf("%d changes for one alarm", n-tip)
	}
	// Also after downtime, and not again after a restart.
	o.to("2026-12-18 10:00")
	o.Desk = o.open(bytes.Repeat([]byte{7}, 32))
	steps()
	if n := o.Journal.Tip().Number; n != tip+1 {
		t.Errorf("%d changes after a restart", n-tip)
	}
	due := func() string {
		return strings.TrimSpace(lines(must1(o.Deadlines(ctx, operator(), partners.DeadlineFilter{}))))
	}
	if got := due(); got != "2026-12-17 overdue journey" {
		t.Error(got)
	}
	v, err = o.StepJourney(ctx, coordinator(), v.ID, v.Journeys[0].ID, partners.JourneyStep{Seen: true}, alerts.Request{})
	if err != nil || v.Journeys[0].State != "seen" || v.Journeys[0].SeenBy != "co" {
		t.Errorf("%v %+v", err, v.Journeys)
	}
	if got := due(); got != "2026-12-24 running journey" {
		t.Error(got)
	}
	if _, err = o.StepJourney(ctx, coordinator(), v.ID, v.Journeys[0].ID, partners.JourneyStep{Outcome: "stayed"}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	if got := due(); got != "" {
		t.Error(got)
	}
}

func TestYellowNoticeCheck(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014")
	m := o.matter("case1")
	missing := func() string {
		var out []string
		items, err := o.YellowCheck(ctx, operator(), m.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range items {
			if !i.There {
				out = append(out, i.ID)
			}
		}
		return strings.Join(out, " ")
	}
	if got := missing(); got != "police_report family_name forename sex recognisable" {
		t.Error(got)
	}
	c, _ := o.Board.Case("case1")
	full := *c
	full.Police.ReportedAt = o.clock()
	full.Children = []alerts.Child{{ID: "child1", BirthDate: "2014", Sex: "female", Names: []alerts.Name{{Given: "Mila", Family: "Primer"}}, Description: alerts.Description{Hair: "brown"}}}
	o.put(&full)
	if got := missing(); got != "" {
		t.Error(got)
	}
	if items, err := o.YellowCheck(ctx, person("ad", alerts.RoleAdministrator), m.ID); alerts.CodeOf(err) != alerts.NotFound {
		t.Errorf("%v %v", err, items)
	}
}
