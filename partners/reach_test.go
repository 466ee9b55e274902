package partners

import (
	"context"
	"testing"
	"time"

	"homeward/alerts"
)

func TestRotaOverMidnightAndClockChanges(t *testing.T) {
	t.Parallel()
	p := &Partner{Zone: "Europe/Belgrade", People: []Person{{ID: "a", Name: "A"}, {ID: "b", Name: "B"}}, Rota: []Shift{
		{Days: []string{"mo", "tu", "we", "th", "fr", "sa", "su"}, From: "22:00", To: "06:00", People: []string{"a"}},
		{Days: []string{"su"}, From: "06:00", To: "22:00", People: []string{"b", "a"}},
	}}
	for name, one := range map[string]struct {
		at, change, next string
		who              string
	}{
		"before midnight":                 {"2031-03-05T23:00:00+01:00", "2031-03-06T06:00:00+01:00", "2031-03-05T23:00:00+01:00", "A"},
		"after midnight":                  {"2031-03-06T05:59:00+01:00", "2031-03-06T06:00:00+01:00", "2031-03-06T05:59:00+01:00", "A"},
		"by day":                          {"2031-03-06T12:00:00+01:00", "2031-03-06T22:00:00+01:00", "2031-03-06T22:00:00+01:00", ""},
		"on Sunday":                       {"2031-03-09T12:00:00+01:00", "2031-03-09T22:00:00+01:00", "2031-03-09T12:00:00+01:00", "BA"},
		"the night that is an hour short": {"2031-03-30T03:30:00+02:00", "2031-03-30T06:00:00+02:00", "2031-03-30T03:30:00+02:00", "A"},
		"the night that is an hour long":  {"2031-10-26T02:30:00+01:00", "2031-10-26T06:00:00+01:00", "2031-10-26T02:30:00+01:00", "A"},
	} {
		at, err := time.Parse(time.RFC3339, one.at)
		must(t, err)
		people, change := p.onDuty(at)
		who := ""
		for _, q := range people {
			who += q.Name
		}
		for what, got := range map[string][2]string{
			"who":    {who, one.who},
			"change": {change.UTC().Format(time.RFC3339), utc(t, one.change)},
			"next":   {p.nextDuty(at).UTC().Format(time.RFC3339), utc(t, one.next)},
		} {
			if got[0] != got[1] {
				t.Errorf("%s: %s is %s, want %s", name, what, got[0], got[1])
			}
		}
	}
}

func utc(t *testing.T, s string) string {
	at, err := time.Parse(time.RFC3339, s)
	must(t, err)
	return at.UTC().Format(time.RFC3339)
}

func TestEverythingWrongWithAnOrganisationAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.desk.CreatePartner(context.Background(), r.admin, NewPartner{
		Name: "Example", Coverage: region("RS"), Zone: "Mars/Olympus", Services: []string{"magic"},
		People:  []Person{{Name: "", Email: "nowhere", Channels: []string{"pigeon"}, Languages: []string{"?"}}},
		Rota:    []Shift{{Days: []string{"funday"}, From: "8", To: "25:00", People: []string{"nobody"}}},
		Silence: []Silence{{Severity: "huge"}, {Severity: "minor", Call: 9999}},
	}, none)
	want := map[string]bool{
		"zone": true, "services": true, "people[0].name": true, "people[0].email": true, "people[0].channels": true, "people[0].languages": true,
		"rota[0].days": true, "rota[0].from": true, "rota[0].to": true, "rota[0].people": true, "silence[0].severity": true, "silence[1]": true,
	}
	wantCode(t, err, alerts.Invalid)
	for _, f := range err.(*alerts.Error).Fields {
		delete(want, f.Field)
	}
	if len(want) > 0 {
		t.Errorf("not told: %v", want)
	}
}

func TestAPartnersPeopleChangeOnlyTheirOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p, other := r.staffed("Example", nil), r.staffed("Other", nil)
	ctx := context.Background()
	person := of(p)
	person.Kind = alerts.KindPerson
	v, err := r.desk.OwnOrganisation(ctx, person)
	must(t, err)
	people := append(v.People, Person{Name: "Mira", Phone: "+381 11 000 0003"})
	_, err = r.desk.PatchOwnOrganisation(ctx, person, OwnPatch{People: &people}, v.Version, none)
	must(t, err)
	_, err = r.desk.PatchOwnOrganisation(ctx, person, OwnPatch{People: &people}, v.Version, none)
	wantCode(t, err, alerts.Stale)
	_, err = r.desk.PatchOwnOrganisation(ctx, of(p), OwnPatch{People: &people}, v.Version+1, none)
	wantCode(t, err, alerts.Forbidden) // a program may not
	_, err = r.desk.EnableWebhook(ctx, person, other, none)
	wantCode(t, err, alerts.NotFound)
	_, err = r.desk.EnableWebhook(ctx, of(p), p, none)
	wantCode(t, err, alerts.Forbidden)
	_, err = r.desk.TestDispatch(ctx, person, other, TestRequest{Channel: ChannelWebhook})
	wantCode(t, err, alerts.NotFound)
	_, err = r.desk.Silence(person)
	wantCode(t, err, alerts.NotFound)
	_, err = r.desk.Calls(person)
	wantCode(t, err, alerts.Forbidden)
}

func TestSilencePolicyHasASourceForEachRow(t *testing.T) {
	t.Parallel()
	rows, err := LoadSilence()
	must(t, err)
	if len(rows) != len(severities()) {
		t.Errorf("%d rows", len(rows))
	}
	for _, r := range rows {
		if r.Source == "" || r.ValidFrom.IsZero() || r.Coordinator == 0 {
			t.Errorf("row %+v", r)
		}
		if urgent := r.Severity == "extreme" || r.Severity == "severe" || r.Severity == severityUnknown; r.Urgent != urgent {
			t.Errorf("%s: urgent is %t", r.Severity, r.Urgent)
		}
	}
}
