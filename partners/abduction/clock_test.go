package abduction

import (
	"slices"
	"testing"
)

func law(t testing.TB) *Law {
	t.Helper()
	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// day is the same day in every time zone.
func day(d Date) Today { return func(string) Date { return d } }

func one(t testing.TB, clocks []Clock) Clock {
	t.Helper()
	if len(clocks) != 1 {
		t.Fatalf("%d clocks: %+v", len(clocks), clocks)
	}
	return clocks[0]
}

func TestOneYear(t *testing.T) {
	t.Parallel()
	l := law(t)
	for _, c := range []struct {
		name, from, started, today string
		due                        string
		left                       int
		state                      State
		step                       string
		alarms                     int
	}{
		{"on the day", "2025-03-10", "", "2025-03-10", "2026-03-10", 365, Running, "running", 0},
		{"before six months", "2025-03-10", "", "2025-09-09", "2026-03-10", 182, Running, "running", 0},
		{"six months", "2025-03-10", "", "2025-09-10", "2026-03-10", 181, Running, "near", 1},
		{"nine months", "2025-03-10", "", "2025-12-10", "2026-03-10", 90, Running, "near", 2},
		{"eleven months", "2025-03-10", "", "2026-02-10", "2026-03-10", 28, Running, "near", 3},
		{"the last good day", "2025-03-10", "", "2026-03-09", "2026-03-10", 1, Running, "near", 3},
		{"the anniversary is too late", "2025-03-10", "", "2026-03-10", "2026-03-10", 0, Overdue, "overdue", 3},
		{"long past", "2025-03-10", "", "2026-11-21", "2026-03-10", -256, Overdue, "overdue", 3},
		{"started in time", "2025-03-10", "2025-10-01", "2026-11-21", "2026-03-10", 160, Stopped, "stopped", 1},
		{"started too late", "2025-03-10", "2026-03-10", "2026-11-21", "2026-03-10", 0, Stopped, "late", 3},
		{"leap day", "2024-02-29", "", "2025-02-27", "2025-02-28", 1, Running, "near", 3},
		{"leap day over", "2024-02-29", "", "2025-02-28", "2025-02-28", 0, Overdue, "overdue", 3},
		{"over a leap day", "2023-03-01", "", "2023-03-01", "2024-03-01", 366, Running, "running", 0},
	} {
		e := Event{Kind: "removal", On: Exactly(date(t, c.from))}
		if c.started != "" {
			e.Stopped = date(t, c.started)
		}
		got := one(t, l.Clocks([]Event{e}, "", day(date(t, c.today)), Date{}))
		reached := 0
		for _, a := range got.Alarms {
			if a.Reached {
				reached++
			}
		}
		if got.Rule != "one_year" || got.Due.String() != c.due || got.DaysLeft != c.left || got.State != c.state ||
			got.NextStep.ID != "clock.one_year."+c.step || reached != c.alarms || len(got.Alarms) != 3 {
			t.Errorf("%s: %s %d %s %s, %d alarms", c.name, got.Due, got.DaysLeft, got.State, got.NextStep.ID, reached)
		}
	}
}

func TestAlarmsCountFromTheStart(t *testing.T) {
	t.Parallel()
	e := Event{Kind: "removal", On: Exactly(date(t, "2024-08-31"))}
	got := one(t, law(t).Clocks([]Event{e}, "", day(date(t, "2024-09-01")), Date{}))
	var days []string
	for _, a := range got.Alarms {
		days = append(days, a.On.String())
	}
	if want := []string{"2025-02-28", "2025-05-31", "2025-07-31"}; !slices.Equal(days, want) {
		t.Errorf("alarms on %v, want %v", days, want)
	}
}

func TestSixWeeksForEachInstance(t *testing.T) {
	t.Parallel()
	events := []Event{
		{Kind: "instance", Subject: "2", On: Exactly(date(t, "2026-03-20"))},
		{Kind: "instance", Subject: "1", On: Exactly(date(t, "2026-01-05")), Stopped: date(t, "2026-02-20")},
	}
	got := law(t).Clocks(events, "", day(date(t, "2026-05-01")), Date{})
	if len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	first, second := got[0], got[1]
	if first.Subject != "1" || first.Due.String() != "2026-02-16" || first.State != Stopped || first.DaysLeft != -4 || first.NextStep.ID != "clock.six_weeks.late" {
		t.Errorf("first instance %+v", first)
	}
	// The last day is in time.
	if second.Subject != "2" || second.Due.String() != "2026-05-01" || second.State != Running || second.DaysLeft != 0 {
		t.Errorf("second instance %+v", second)
	}
	if c := law(t).Clocks(events, "", day(date(t, "2026-05-02")), Date{})[1]; c.State != Overdue || c.DaysLeft != -1 {
		t.Errorf("the day after %+v", c)
	}
}

func TestSixteenthBirthday(t *testing.T) {
	t.Parallel()
	l := law(t)
	today := date(t, "2026-11-21")
	for _, c := range []struct {
		birth, due, first, last, step string
		state                         State
	}{
		{"2014-05-02", "2030-05-02", "2030-05-02", "2030-05-02", "running", Running},
		{"2012-02-29", "2028-02-29", "2028-02-29", "2028-02-29", "running", Running},
		{"2010-11-21", "2026-11-21", "2026-11-21", "2026-11-21", "overdue", Overdue}, // on the birthday
		{"2010-11-22", "2026-11-22", "2026-11-22", "2026-11-22", "running", Running},
		{"2010-11", "", "2026-11-01", "2026-11-30", "unknown", Running}, // may be past, may not
		{"2010-10", "", "2026-10-01", "2026-10-31", "overdue", Overdue}, // past in any case
		{"2014", "", "2030-01-01", "2030-12-31", "unknown", Running},
		{"", "", "", "", "unknown", Running},
	} {
		span, err := ParseSpan(c.birth)
		if err != nil {
			t.Fatal(err)
		}
		got := one(t, l.Clocks([]Event{{Kind: "birth", Subject: "child", On: span}}, "", day(today), Date{}))
		if got.Due.String() != c.due || got.Between.First.String() != c.first || got.Between.Last.String() != c.last ||
			got.State != c.state || got.NextStep.ID != "clock.sixteenth_birthday."+c.step {
			t.Errorf("%q: %+v", c.birth, got)
		}
	}
}

func TestUnknownStandsLast(t *testing.T) {
	t.Parallel()
	got := law(t).Clocks([]Event{
		{Kind: "birth", Subject: "b"},
		{Kind: "birth", Subject: "a", On: Exactly(date(t, "2014-05-02"))},
		{Kind: "removal", On: Exactly(date(t, "2026-10-01"))},
	}, "hague1980", day(date(t, "2026-11-21")), Date{})
	if len(got) != 3 || got[0].Rule != "one_year" || got[1].Subject != "a" || got[2].Subject != "b" {
		t.Errorf("%+v", got)
	}
}

func TestEndedMatterStopsAll(t *testing.T) {
	t.Parallel()
	got := law(t).Clocks([]Event{
		{Kind: "removal", On: Exactly(date(t, "2026-01-10"))},
		{Kind: "birth", Subject: "a", On: Exactly(date(t, "2014-05-02"))},
	}, "", day(date(t, "2027-11-21")), date(t, "2026-06-01"))
	for _, c := range got {
		if c.State != Stopped || c.StoppedOn.String() != "2026-06-01" {
			t.Errorf("%+v", c)
		}
	}
}

func TestRouteAndValidity(t *testing.T) {
	t.Parallel()
	l := law(t)
	removal := []Event{{Kind: "removal", On: Exactly(date(t, "2026-10-01"))}}
	if got := l.Clocks(removal, "non_hague", day(date(t, "2026-11-21")), Date{}); len(got) != 0 {
		t.Errorf("a matter outside the Convention has clocks of it: %+v", got)
	}
	old := []Event{{Kind: "removal", On: Exactly(date(t, "1983-11-30"))}}
	if got := l.Clocks(old, "", day(date(t, "2026-11-21")), Date{}); len(got) != 0 {
		t.Errorf("before the Convention was in force: %+v", got)
	}
}

// A rule that is only a row of data works without any code.
func TestFurtherRulesAreData(t *testing.T) {
	t.Parallel()
	l, err := read([]byte(`{"zone":"Europe/Belgrade","fresh_months":6,"clocks":[{
		"id":"enforcement","source":"example","link":"https://example.org","verified":false,"country":"RS",
		"routes":["hague1980+brussels2b"],"start":"enforcement","period":{"amount":5,"unit":"working_days"},"last_day":"in_time",
		"steps":{"running":{"id":"a","text":"a"},"overdue":{"id":"b","text":"b"},"stopped":{"id":"c","text":"c"}}}]}`), holidaysJSON, []byte(`[]`))
	if err != nil {
		t.Fatal(err)
	}
	e := []Event{{Kind: "enforcement", On: Exactly(date(t, "2026-04-08"))}}
	got := one(t, l.Clocks(e, "hague1980+brussels2b", day(date(t, "2026-04-09")), Date{}))
	if got.Due.String() != "2026-04-17" { // over Good Friday to Easter Monday
		t.Errorf("%+v", got)
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	l := law(t)
	for _, c := range []struct {
		name     string
		asked    Asked
		rule     string
		due      string
		verified bool
	}{
		{"30 days, a Saturday moves on", Asked{Country: "RS", Kind: "ministry", Matter: "administrative_decision", On: date(t, "2026-10-22")}, "rs.zup145.direct", "2026-11-23", true},
		{"60 days", Asked{Country: "RS", Kind: "social_work_centre", Matter: "administrative_decision_with_examination", On: date(t, "2026-10-22")}, "rs.zup145.examination", "2026-12-21", true},
		{"15 days onto a holiday", Asked{Country: "RS", Kind: "court", Matter: "public_information", On: date(t, "2026-10-27")}, "rs.public_information", "2026-11-12", true},
		{"at once, on a Sunday too", Asked{Country: "RS", Kind: "police", Matter: "missing_child_report", On: date(t, "2026-11-22")}, "rs.missing_child_report", "2026-11-22", true},
		{"not checked", Asked{Country: "RS", Kind: "hotline", Matter: "data_subject_request", On: date(t, "2026-11-02")}, "rs.data_subject", "2026-12-02", false},
		{"five working days", Asked{Country: "DE", Kind: "central_authority", Matter: "acknowledgement", Route: "hague1980+brussels2b", On: date(t, "2026-11-20")}, "eu.brussels2b.art23", "2026-11-27", true},
		{"not for Serbia's own route", Asked{Country: "DE", Kind: "central_authority", Matter: "acknowledgement", Route: "hague1980", On: date(t, "2026-11-20")}, "foreign.central_authority", "", true},
		{"before the regulation", Asked{Country: "DE", Kind: "central_authority", Matter: "acknowledgement", Route: "hague1980+brussels2b", On: date(t, "2022-07-29")}, "", "", false},
		{"another country", Asked{Country: "HR", Kind: "ministry", Matter: "administrative_decision", On: date(t, "2026-10-22")}, "", "", false},
		{"a kind that is not bound", Asked{Country: "RS", Kind: "court", Matter: "administrative_decision", On: date(t, "2026-10-22")}, "", "", false},
		{"nothing asked", Asked{Country: "RS", Kind: "ministry", On: date(t, "2026-10-22")}, "", "", false},
	} {
		got, ok := l.Deadline(c.asked)
		if ok != (c.rule != "") || got.Rule != c.rule || got.Due.String() != c.due || got.Verified != c.verified {
			t.Errorf("%s: %+v %v", c.name, got, ok)
		}
	}
}

func TestLawIsComplete(t *testing.T) {
	t.Parallel()
	l := law(t)
	if len(l.Texts()) < 13 || len(l.Matters()) < 10 {
		t.Errorf("%d texts, %d matters", len(l.Texts()), len(l.Matters()))
	}
	for _, r := range l.DeadlineRules {
		b, ok := l.Rule(r.ID)
		if !ok || b.Source != r.Source {
			t.Errorf("rule %s is not found by its id", r.ID)
		}
	}
	if _, ok := l.Rule("none"); ok {
		t.Error("found a rule that is not there")
	}
}
