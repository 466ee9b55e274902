package partners_test

import (
	"bytes"
	"context"
	"testing"

	"homeward/alerts"
	"homeward/partners"
)

func TestMatterFromOpeningToReturn(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02", "2012", "")
	ministry := o.ministry()
	m := o.matter("case1")
	if m.State != "open" || m.Owner != "op" || m.CaseNumber != "NUMBERcase1" || m.Version != 1 || m.Contacts == nil {
		t.Fatalf("%+v", m)
	}

	clocks, err := o.Clocks(ctx, operator(), m.ID)
	if err != nil || len(clocks) != 4 {
		t.Fatalf("%v %s", err, toJSON(t, clocks))
	}
	year := clocks[0]
	if year.Rule != "one_year" || *year.From != "2026-03-10" || *year.Due != "2027-03-10" || *year.DaysLeft != 109 || year.State != "running" {
		t.Errorf("%s", toJSON(t, year))
	}
	if c := clocks[1]; c.ChildID != "child2" || c.Known || c.Due != nil || c.DaysLeft != nil || c.Earliest != "2028-01-01" || c.Latest != "2028-12-31" {
		t.Errorf("a birth date of which the year is known: %s", toJSON(t, c))
	}
	if c := clocks[3]; c.ChildID != "child3" || c.Known || c.Earliest != "" || c.State != "running" {
		t.Errorf("a birth date that is not known: %s", toJSON(t, c))
	}

	// An application goes out; the ministry promises an earlier answer than the
	// law asks for.
	first, err := o.RecordContact(ctx, operator(), m.ID, partners.NewMatterContact{
		InstitutionID: ministry, Direction: "out", Channel: "letter", At: at(t, "2026-11-20 23:30"),
		Matter: "administrative_decision", Request: "Application for return", PromisedDate: "2026-12-01",
	}, alerts.Request{})
	if err != nil || first.N != 1 || first.StatutoryDate != "2026-12-21" || !first.StatutoryVerified || first.Due != "2026-12-01" || first.State != "open" {
		t.Fatalf("%v %s", err, toJSON(t, first))
	}
	// A call that nobody took is an entry of its own, and no law counts from it.
	call, err := o.RecordContact(ctx, operator(), m.ID, partners.NewMatterContact{
		InstitutionID: ministry, Direction: "out", Channel: "phone", At: at(t, "2026-11-21 09:00"), NoReply: true, Matter: "administrative_decision",
	}, alerts.Request{})
	if err != nil || call.N != 2 || call.State != "no_reply" || call.Due != "" {
		t.Fatalf("%v %s", err, toJSON(t, call))
	}

	o.to("2026-12-01 23:59")
	if got := o.contact(m.ID, 1); got.Overdue || got.DaysLate != 0 {
		t.Errorf("overdue on the promised day: %s", toJSON(t, got))
	}
	o.to("2026-12-02 00:00")
	if got := o.contact(m.ID, 1); !got.Overdue || got.DaysLate != 1 || got.State != "overdue" {
		t.Errorf("not overdue the day after: %s", toJSON(t, got))
	}

	partly, err := o.AnswerContact(ctx, operator(), m.ID, 1, partners.NewAnswer{At: at(t, "2026-12-01 12:00"), Text: "They need another document.", Satisfied: "partly"}, alerts.Request{})
	if err != nil || !partly.Overdue {
		t.Errorf("an answer that does not satisfy ends nothing: %v %s", err, toJSON(t, partly))
	}
	_, err = o.AnswerContact(ctx, operator(), m.ID, 1, partners.NewAnswer{At: at(t, "2026-12-01 12:00"), Text: "Other", Satisfied: "yes"}, alerts.Request{})
	wantCode(t, err, alerts.Conflict)

	// The correction is a new entry and takes over.
	if _, err = o.RecordContact(ctx, operator(), m.ID, partners.NewMatterContact{
		InstitutionID: ministry, Direction: "out", Channel: "letter", At: at(t, "2026-12-01 13:00"), Request: "Application with the document", PromisedDate: "2026-12-20", Corrects: 1,
	}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	if got := o.contact(m.ID, 1); got.State != "corrected" || got.Overdue {
		t.Errorf("%s", toJSON(t, got))
	}
	o.to("2026-12-23 09:00")
	late, err := o.AnswerContact(ctx, operator(), m.ID, 3, partners.NewAnswer{At: at(t, "2026-12-22 09:00"), Text: "Forwarded.", Satisfied: "yes"}, alerts.Request{})
	if err != nil || late.State != "answered" || late.Overdue || late.DaysLate != 2 {
		t.Errorf("%v %s", err, toJSON(t, late))
	}

	now, err := o.Matter(ctx, operator(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	started, err := o.PatchMatter(ctx, operator(), m.ID, now.Version, partners.MatterPatch{
		Instances: alerts.Some([]partners.Instance{{StartedAt: "2026-12-10", DecidedAt: "2026-12-20"}, {StartedAt: "2026-12-22"}}),
	}, alerts.Request{})
	if err != nil || started.ProceedingsStartedAt != "2026-12-10" {
		t.Fatalf("%v %+v", err, started)
	}
	clocks, err = o.Clocks(ctx, operator(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]string{}
	for _, c := range clocks {
		states[c.Rule+c.Instance+c.ChildID] = c.State
	}
	want := map[string]string{"one_year": "stopped", "six_weeks1": "stopped", "six_weeks2": "running", "sixteenth_birthdaychild1": "running", "sixteenth_birthdaychild2": "running", "sixteenth_birthdaychild3": "running"}
	if toJSON(t, states) != toJSON(t, want) {
		t.Errorf("%v, want %v", states, want)
	}

	if _, err = o.PatchMatter(ctx, operator(), m.ID, started.Version, partners.MatterPatch{State: alerts.Some("returned")}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	clocks, err = o.Clocks(ctx, operator(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range clocks {
		if c.State != "stopped" {
			t.Errorf("a clock runs on after the return: %s", toJSON(t, c))
		}
	}
}

func (o *office) contact(matterID string, n int) partners.MatterContactView {
	o.t.Helper()
	m, err := o.Matter(o.t.Context(), operator(), matterID)
	if err != nil {
		o.t.Fatal(err)
	}
	return m.Contacts[n-1]
}

func TestMatterRefusals(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	_, err := o.OpenMatter(ctx, operator(), "case1", partners.NewMatter{
		Kind: "kidnap", WrongfulDate: "2026-02-30", FromState: "Serbia", ToState: "", LegalRoute: "road",
		ProceedingsStartedAt: "2027-01-01", Owner: "nobody", Legal: []string{"op"}, Instances: []partners.Instance{{StartedAt: "x", DecidedAt: "2026-01-01"}},
	}, alerts.Request{})
	want := "kind unknown_value; from_state country; to_state required; legal_route unknown_value; wrongful_date date; " +
		"proceedings_started_at future; instances[0].started_at date; proceedings_started_at mismatch; owner unknown_account; legal unknown_account"
	if got := wrong(err); got != want {
		t.Errorf("wrong fields\n%s\nwant\n%s", got, want)
	}
	same := removal()
	same.ToState, same.ProceedingsStartedAt = "RS", "2026-03-09"
	_, err = o.OpenMatter(ctx, operator(), "case1", same, alerts.Request{})
	if got := wrong(err); got != "to_state same_state; proceedings_started_at too_early" {
		t.Errorf("wrong fields %s", got)
	}
	m := o.matter("case1")
	_, err = o.OpenMatter(ctx, operator(), "case1", removal(), alerts.Request{})
	wantCode(t, err, alerts.Conflict)
	other := removal()
	other.ToState = "AT"
	if _, err = o.OpenMatter(ctx, operator(), "case1", other, alerts.Request{}); err != nil {
		t.Errorf("a second matter for another state: %v", err)
	}

	patch := partners.MatterPatch{ToState: alerts.Some("AT")}
	_, err = o.PatchMatter(ctx, operator(), m.ID, 0, patch, alerts.Request{})
	wantCode(t, err, alerts.NeedsVersion)
	_, err = o.PatchMatter(ctx, operator(), m.ID, m.Version+1, patch, alerts.Request{})
	wantCode(t, err, alerts.Stale)
	_, err = o.PatchMatter(ctx, operator(), m.ID, m.Version, patch, alerts.Request{})
	wantCode(t, err, alerts.Conflict)

	_, err = o.RecordContact(ctx, operator(), m.ID, partners.NewMatterContact{
		InstitutionID: "none", Direction: "up", Channel: "Pigeon Post", At: at(t, "2026-11-22 10:00"), Matter: "magic",
		PromisedDate: "2026-11-01", NoReply: true, Corrects: 1,
	}, alerts.Request{})
	want = "direction unknown_value; channel word; at future; promised_date no_reply; promised_date too_early; matter unknown_value; corrects unknown_contact; institution_id unknown_institution"
	if got := wrong(err); got != want {
		t.Errorf("wrong fields\n%s\nwant\n%s", got, want)
	}
	_, err = o.AnswerContact(ctx, operator(), m.ID, 1, partners.NewAnswer{}, alerts.Request{})
	wantCode(t, err, alerts.NotFound)

	c, _ := o.Board.Case("case1")
	closed := *c
	closed.State, closed.Closing = alerts.StateClosed, &alerts.Closing{ClosedAt: o.clock()}
	o.put(&closed)
	_, err = o.OpenMatter(ctx, operator(), "case1", partners.NewMatter{}, alerts.Request{})
	wantCode(t, err, alerts.Conflict)
}

func TestRepeatGivesTheSameEntry(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	ministry, m := o.ministry(), o.matter("case1")
	contact := partners.NewMatterContact{InstitutionID: ministry, Direction: "out", Channel: "email", At: at(t, "2026-11-21 09:00"), Request: "Where is the file?"}
	key := alerts.Request{Key: bytes.Repeat([]byte{1}, 32), Body: []byte("body")}
	for range 2 {
		got, err := o.RecordContact(ctx, operator(), m.ID, contact, key)
		if err != nil || got.N != 1 {
			t.Fatalf("%v %+v", err, got)
		}
	}
	if got, err := o.RecordContact(ctx, operator(), m.ID, contact, alerts.Request{Key: bytes.Repeat([]byte{2}, 32), Body: []byte("body")}); err != nil || got.N != 2 {
		t.Errorf("%v %+v", err, got)
	}
	_, err := o.RecordContact(ctx, operator(), m.ID, contact, alerts.Request{Key: key.Key, Body: []byte("other")})
	wantCode(t, err, alerts.RequestReused)
}
