package partners_test

import (
	"context"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/partners"
)

func (o *office) institution(name, kind, country string, roles ...string) string {
	o.t.Helper()
	i, err := o.CreateInstitution(o.t.Context(), operator(), partners.NewInstitution{Name: name, Kind: kind, Country: country, Roles: roles}, alerts.Request{})
	if err != nil {
		o.t.Fatal(err)
	}
	return i.ID
}

func rungs(v partners.EscalationView) string {
	var out []string
	for _, r := range v.Rungs {
		to := "nobody"
		if len(r.Addressees) > 0 {
			to = r.Addressees[0].Name
		}
		out = append(out, r.ID+": "+to+" "+r.Due+" "+r.DueRule)
	}
	return strings.Join(out, "\n")
}

// TestClimbing takes a request that nobody answers up the ladder, rung by rung.
func TestClimbing(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1")
	of := partners.LogOfCase("case1")
	centre := o.institution("Centar Primer", "social_work_centre", "RS")
	o.institution("Drugo ministarstvo", "ministry", "RS")
	o.institution("Ministarstvo za brigu", "ministry", "RS", "social_protection")
	ombudsman := o.institution("Zastitnik Primer", "ombudsman", "RS", "control")
	o.institution("Ministerium", "ministry", "DE", "social_protection") // of another country
	record := func(in partners.NewMatterContact) {
		t.Helper()
		if _, err := o.RecordEntry(ctx, coordinator(), of, in, alerts.Request{}); err != nil {
			t.Fatal(err)
		}
	}
	record(partners.NewMatterContact{InstitutionID: centre, Direction: "out", Channel: "letter", At: at(t, "2026-10-01 09:00"), Matter: "administrative_decision",
		Request: "Molimo nalaz i misljenje.", LegalBasis: "Porodicni zakon", Reference: "CSR-55", OurReference: "N-9", PromisedDate: "2026-10-10", PromisedBy: "Mira M."})
	record(partners.NewMatterContact{InstitutionID: centre, Direction: "out", Channel: "phone", At: at(t, "2026-10-12 09:00"), NoReply: true})
	wish := partners.RungWish{Language: "en", From: "Line", Channel: func(lang, channel string) string { return lang + " " + channel }}
	v, err := o.Escalation(ctx, coordinator(), of, 1, wish)
	if err != nil {
		t.Fatal(err)
	}
	// 2026-11-21 is a Saturday.
	want := `rs.officer: Centar Primer 2026-11-25 
rs.head: Centar Primer 2026-11-27 
rs.social_inspection: Ministarstvo za brigu 2026-12-21 rs.petition
rs.silence: Drugo ministarstvo 2026-12-21 
rs.minister: Drugo ministarstvo 2026-12-21 rs.petition
rs.ombudsman: Zastitnik Primer 2027-01-20 rs.ombudsman.complaint
rs.administrative_dispute: nobody  
rs.constitutional_complaint: nobody  
ecthr: nobody  
crc: nobody  `
	if got := rungs(v); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if strings.Join(v.Emergency.Phones, " ") != "192 112" {
		t.Errorf("%+v", v.Emergency)
	}
	for _, fact := range []string{"Centar Primer", "1 October 2026", "en letter", "Molimo nalaz i misljenje.", "Porodicni zakon", "CSR-55", "N-9", "10 October 2026", "Mira M.",
		"2 November 2026", "Art. 145", "42 days late", "1 call without a reply", "25 November 2026", "Person co", "Line"} {
		if !strings.Contains(v.Letter.Text, fact) {
			t.Errorf("the letter lacks %q:\n%s", fact, v.Letter.Text)
		}
	}

	climb := func(n int, in partners.NewEscalation) partners.MatterContactView {
		t.Helper()
		in.Channel, in.At = "email", o.clock()
		e, err := o.Escalate(ctx, coordinator(), of, n, in, alerts.Request{})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	first := climb(1, partners.NewEscalation{Rung: "rs.officer", InstitutionID: centre, Language: "en", Subject: v.Letter.Subject, Text: v.Letter.Text})
	if first.N != 3 || first.Escalates != 1 || first.Reference != "CSR-55" || first.OurReference != "N-9" || first.LegalBasis != "Porodicni zakon" ||
		first.Next.Due != "2026-11-25" || first.Next.Owner != "co" || first.Documents[0].Title != v.Letter.Subject {
		t.Errorf("%s", toJSON(t, first))
	}
	// The first entry has gone up: it cannot be taken up again.
	_, err = o.Escalation(ctx, coordinator(), of, 1, wish)
	wantCode(t, err, alerts.Conflict)
	_, err = o.Escalate(ctx, coordinator(), of, 1, partners.NewEscalation{Rung: "rs.head", InstitutionID: centre, Channel: "email", At: o.clock(), Language: "en", Subject: "s", Text: "t"}, alerts.Request{})
	wantCode(t, err, alerts.Conflict)

	o.to("2026-11-30 10:00")
	wish.Rung, wish.Language = "rs.ombudsman", "sr-Cyrl"
	if v, err = o.Escalation(ctx, coordinator(), of, 3, wish); err != nil {
		t.Fatal(err)
	}
	if v.Rungs[0].ID != "rs.head" || v.Letter.InstitutionID != ombudsman || !strings.Contains(v.Letter.Subject, "Притужба Заштитнику грађана") ||
		!strings.Contains(v.Letter.Text, "21. 11. 2026. Centar Primer: Reminder") || !strings.Contains(v.Letter.Text, "члан 145. Закона") {
		t.Errorf("%s\n%s", v.Letter.Subject, v.Letter.Text)
	}
	up := climb(3, partners.NewEscalation{Rung: "rs.ombudsman", InstitutionID: ombudsman, Language: "sr-Cyrl", Subject: v.Letter.Subject, Text: v.Letter.Text})
	if up.StatutoryDate != "2027-01-29" || up.StatutoryVerified || up.Next != nil || up.Matter != "ombudsman_complaint" {
		t.Errorf("%s", toJSON(t, up))
	}
	list, err := o.Deadlines(ctx, duty(), partners.DeadlineFilter{Case: "case1"})
	if got := lines(list); err != nil || got != "2027-01-29 running contact rs.ombudsman.complaint\n" {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestEscalationRefusals(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1")
	of, court := partners.LogOfCase("case1"), o.institution("Sud Primer", "court", "RS")
	police := o.institution("Policija Primer", "police", "RS")
	if _, err := o.RecordEntry(ctx, coordinator(), of, partners.NewMatterContact{InstitutionID: court, Direction: "out", Channel: "letter", At: at(t, "2026-11-01 09:00"), Request: "When?"}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		in   partners.NewEscalation
		want string
	}{
		"the Ombudsman about a court": {partners.NewEscalation{Rung: "rs.ombudsman", InstitutionID: court, Channel: "email", At: o.clock(), Language: "en", Subject: "s", Text: "t"}, "rung unknown_value"},
		"a stranger":                  {partners.NewEscalation{Rung: "rs.head", InstitutionID: police, Channel: "email", At: o.clock(), Language: "en", Subject: "s", Text: "t"}, "institution_id unknown_value"},
		"nothing in it":               {partners.NewEscalation{}, "rung unknown_value; language required; subject required; text required; channel required; at required; institution_id required"},
		"another language":            {partners.NewEscalation{Rung: "rs.head", InstitutionID: court, Channel: "email", At: o.clock(), Language: "de", Subject: "s", Text: "t"}, "language unknown_value"},
	} {
		_, err := o.Escalate(ctx, coordinator(), of, 1, c.in, alerts.Request{})
		if got := wrong(err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	_, err := o.Escalation(ctx, coordinator(), of, 1, partners.RungWish{Rung: "rs.ombudsman"})
	wantCode(t, err, alerts.NotFound)
	// What has its answer, or came from them, is not taken up.
	if _, err := o.AnswerEntry(ctx, coordinator(), of, 1, partners.NewAnswer{At: o.clock(), Text: "Tomorrow.", Satisfied: "yes"}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	_, err = o.Escalation(ctx, coordinator(), of, 1, partners.RungWish{})
	wantCode(t, err, alerts.Conflict)
}

// A police complaint is filed within 30 days of the event; the page says when
// that has passed.
func TestFilingTimes(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1")
	of, police := partners.LogOfCase("case1"), o.institution("Policija Primer", "police", "RS")
	for _, day := range []string{"2026-10-05 09:00", "2026-11-10 09:00"} {
		if _, err := o.RecordEntry(ctx, coordinator(), of, partners.NewMatterContact{InstitutionID: police, Direction: "out", Channel: "visit", At: at(t, day), Request: "Search.", Matter: "missing_child_report"}, alerts.Request{}); err != nil {
			t.Fatal(err)
		}
	}
	for n, want := range map[int]string{1: "2026-11-04 true", 2: "2026-12-10 false"} {
		v, err := o.Escalation(ctx, coordinator(), of, n, partners.RungWish{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range v.Rungs {
			if r.ID == "rs.police_complaint" {
				if got := r.FileBy + " " + map[bool]string{true: "true", false: "false"}[r.FilePassed]; got != want || r.DueRule != "rs.police_complaint" || !r.DueVerified {
					t.Errorf("entry %d: %s, want %s; %+v", n, got, want, r)
				}
			}
		}
	}
}

// An answer that was not what was asked for, and silence, start our own time.
func TestRemediesAreDeadlines(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1")
	of, ministry := partners.LogOfCase("case1"), o.ministry()
	for _, in := range []partners.NewMatterContact{
		{InstitutionID: ministry, Direction: "out", Channel: "letter", At: at(t, "2026-10-20 09:00"), Request: "a", Matter: "administrative_decision"},
		{InstitutionID: ministry, Direction: "out", Channel: "letter", At: at(t, "2026-11-02 09:00"), Request: "b", Matter: "public_information"},
		{InstitutionID: ministry, Direction: "out", Channel: "letter", At: at(t, "2026-11-02 09:00"), Request: "c", Matter: "urgency_assessment", NextStep: "Ask for a day", NextOwner: "op", NextDue: "2026-11-19"},
	} {
		if _, err := o.RecordEntry(ctx, coordinator(), of, in, alerts.Request{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.AnswerEntry(ctx, coordinator(), of, 1, partners.NewAnswer{At: at(t, "2026-11-10 09:00"), Text: "Refused.", Satisfied: "no"}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	list, err := o.Deadlines(ctx, duty(), partners.DeadlineFilter{})
	want := `2026-11-17 overdue contact rs.public_information
2026-11-19 overdue contact rs.zup145.direct
2026-11-19 overdue step 
2026-11-25 running remedy rs.appeal.direct
2026-12-02 running remedy rs.commissioner.silence
`
	if got := lines(list); err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
	// Whoever goes on has used the time.
	if _, err := o.RecordEntry(ctx, coordinator(), of, partners.NewMatterContact{InstitutionID: ministry, Direction: "out", Channel: "letter", At: o.clock(), Request: "appeal", Follows: 1}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	if list, err = o.Deadlines(ctx, duty(), partners.DeadlineFilter{Kind: partners.DeadlineRemedy}); err != nil || len(list.Items) != 1 {
		t.Errorf("%v\n%s", err, lines(list))
	}
}
