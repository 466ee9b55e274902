package abduction

import (
	"testing"
	"time"
	_ "time/tzdata"
)

// The clocks whose end is entered by hand, and those of the European Union.
func TestClocksOfPapersAndOfTheUnion(t *testing.T) {
	t.Parallel()
	l := law(t)
	for _, c := range []struct {
		name, kind, route, country string
		from, due, stopped, today  string
		want                       string
		left                       int
		state                      State
		step                       string
		alarms                     int
	}{
		{"an appeal runs to the day in the decision", "appeal", "hague1980", "DE", "2026-03-02", "2026-03-16", "", "2026-03-02", "2026-03-16", 14, Running, "running", 0},
		{"five days before it is near", "appeal", "hague1980", "DE", "2026-03-02", "2026-03-16", "", "2026-03-11", "2026-03-16", 5, Running, "near", 1},
		{"the last day is in time", "appeal", "hague1980", "DE", "2026-03-02", "2026-03-16", "", "2026-03-16", "2026-03-16", 0, Running, "near", 2},
		{"the day after is not", "appeal", "hague1980", "DE", "2026-03-02", "2026-03-16", "", "2026-03-17", "2026-03-16", -1, Overdue, "overdue", 2},
		{"an appeal on the last day", "appeal", "hague1980", "DE", "2026-03-02", "2026-03-16", "2026-03-16", "2026-04-01", "2026-03-16", 0, Stopped, "stopped", 2},
		{"an appeal outside the Convention as well", "appeal", "non_hague", "AE", "2026-03-02", "2026-03-16", "", "2026-03-03", "2026-03-16", 13, Running, "running", 0},
		{"six weeks of enforcement", "enforcement", "hague1980+brussels2b", "DE", "2026-01-20", "", "", "2026-03-03", "2026-03-03", 0, Running, "running", 0},
		{"enforcement overdue", "enforcement", "hague1980+brussels2b", "DE", "2026-01-20", "", "", "2026-03-04", "2026-03-03", -1, Overdue, "overdue", 0},
		{"five working days over Easter in Germany", "transmission", "hague1980+brussels2b", "DE", "2026-04-01", "", "", "2026-04-02", "2026-04-10", 8, Running, "running", 0},
		{"five working days over Easter in France, which works on Good Friday", "transmission", "hague1980+brussels2b", "FR", "2026-04-01", "", "", "2026-04-02", "2026-04-09", 7, Running, "running", 0},
		{"a country without a calendar has weekends only", "transmission", "hague1980+brussels2b", "PT", "2026-04-01", "", "", "2026-04-02", "2026-04-08", 6, Running, "running", 0},
		{"acknowledged late", "transmission", "hague1980+brussels2b", "DE", "2026-04-01", "", "2026-04-13", "2026-04-20", "2026-04-10", -3, Stopped, "stopped", 0},
		{"a passport", "travel_document", "", "", "", "2026-05-31", "", "2026-02-27", "2026-05-31", 93, Running, "running", 0},
		{"three months before, from the end of a long month", "travel_document", "", "", "", "2026-05-31", "", "2026-02-28", "2026-05-31", 92, Running, "near", 1},
		{"valid on its last day", "travel_document", "", "", "", "2026-05-31", "", "2026-05-31", "2026-05-31", 0, Running, "near", 2},
		{"an authorisation", "authorisation", "hague1980", "", "2026-01-01", "2026-03-31", "", "2026-02-28", "2026-03-31", 31, Running, "near", 1},
	} {
		e := Event{Kind: c.kind, Subject: "x", Country: c.country}
		if c.due != "" {
			e.Due = date(t, c.due)
		}
		if c.stopped != "" {
			e.Stopped = date(t, c.stopped)
		}
		if c.from != "" {
			e.On = Exactly(date(t, c.from))
		}
		got := one(t, l.Clocks([]Event{e}, c.route, day(date(t, c.today)), Date{}))
		reached := 0
		for _, a := range got.Alarms {
			if a.Reached {
				reached++
			}
		}
		if got.Due.String() != c.want || got.DaysLeft != c.left || got.State != c.state || reached != c.alarms ||
			got.NextStep.ID != "clock."+got.Rule+"."+c.step || got.From.String() != c.from {
			t.Errorf("%s: due %s (%s), %d left, %s, %s, %d alarms", c.name, got.Due, c.want, got.DaysLeft, got.State, got.NextStep.ID, reached)
		}
	}
}

// The rules of the Union do not count for a matter of another route, nor before
// they were law.
func TestClocksOfTheUnionKeepToIt(t *testing.T) {
	t.Parallel()
	l := law(t)
	for _, c := range []struct{ route, on string }{{"hague1980", "2026-01-20"}, {"hague1980+brussels2a", "2020-01-20"}, {"hague1980+brussels2b", "2022-07-31"}, {"", "2026-01-20"}} {
		e := []Event{{Kind: "transmission", On: Exactly(date(t, c.on))}, {Kind: "enforcement", On: Exactly(date(t, c.on))}}
		if got := l.Clocks(e, c.route, day(date(t, "2026-02-01")), Date{}); len(got) != 0 {
			t.Errorf("route %q has %d clocks of the Union", c.route, len(got))
		}
	}
}

// A clock says whose working days it counted, and that a calendar was not
// checked.
func TestClocksSayWhichCalendar(t *testing.T) {
	t.Parallel()
	l := law(t)
	e := func(country string) []Event {
		return []Event{{Kind: "transmission", On: Exactly(date(t, "2026-04-01")), Country: country}}
	}
	known := one(t, l.Clocks(e("DE"), "hague1980+brussels2b", day(date(t, "2026-04-02")), Date{}))
	if known.Calendar == nil || known.Calendar.Country != "DE" || known.Calendar.Source == "" || known.Verified || known.Zone != "Europe/Berlin" {
		t.Errorf("%+v", known)
	}
	unknown := one(t, l.Clocks(e("PT"), "hague1980+brussels2b", day(date(t, "2026-04-02")), Date{}))
	if unknown.Calendar == nil || unknown.Calendar.Source != "" || unknown.Verified || unknown.Zone != l.Zone {
		t.Errorf("%+v", unknown)
	}
}

// Which day it is is asked in the zone of each clock, over both changes of the
// hour and at every hour of a day.
func TestClocksCountInTheirOwnZone(t *testing.T) {
	t.Parallel()
	l := law(t)
	l.Calendars = append(l.Calendars, Calendar{Country: "NZ", Zone: "Pacific/Auckland", Source: "test", Weekend: []time.Weekday{time.Saturday, time.Sunday}})
	e := []Event{{Kind: "appeal", Subject: "x", On: Exactly(date(t, "2026-03-20")), Due: date(t, "2026-03-29"), Country: "NZ"},
		{Kind: "appeal", Subject: "y", On: Exactly(date(t, "2026-03-20")), Due: date(t, "2026-03-29"), Country: "DE"}}
	start := time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC)
	for h := range 72 {
		now := start.Add(time.Duration(h) * time.Hour)
		today := func(zone string) Date {
			z, err := time.LoadLocation(zone)
			if err != nil {
				t.Error(err)
			}
			return DateOf(now, z)
		}
		for _, c := range l.Clocks(e, "hague1980", today, Date{}) {
			z, err := time.LoadLocation(c.Zone)
			if err != nil {
				t.Fatal(err)
			}
			end := time.Date(2026, 3, 30, 0, 0, 0, 0, z) // the first instant that is too late there
			if late := !now.Before(end); late != (c.State == Overdue) {
				t.Fatalf("%s at %s in %s: %s", c.Subject, now, c.Zone, c.State)
			}
		}
	}
}

// Whatever the day, six weeks are 42 days and one year after the last day of
// February is never in March.
func TestPeriodsHoldOverYears(t *testing.T) {
	t.Parallel()
	cal := &Calendar{}
	for d := date(t, "2019-01-01"); d.Year < 2033; d = d.AddDays(1) {
		if n := d.DaysUntil(Period{6, "weeks"}.after(d, cal)); n != 42 {
			t.Fatalf("six weeks after %s are %d days", d, n)
		}
		year := Period{1, "years"}.after(d, cal)
		if year.Year != d.Year+1 || year.Month != d.Month || d.Day < 29 && year.Day != d.Day {
			t.Fatalf("one year after %s is %s", d, year)
		}
		sixteen := Period{16, "years"}.after(d, cal)
		if sixteen.Month != d.Month || sixteen.Day != d.Day { // 16 years after a leap day is one
			t.Fatalf("sixteen years after %s is %s", d, sixteen)
		}
		back := Period{1, "months"}.before(d)
		if !back.Before(d) || back.DaysUntil(d) > 31 || back.DaysUntil(d) < 28 {
			t.Fatalf("one month before %s is %s", d, back)
		}
	}
}
