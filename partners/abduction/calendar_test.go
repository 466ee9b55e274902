package abduction

import (
	"strings"
	"testing"
	"time"
)

func serbia(t testing.TB) *Calendar {
	t.Helper()
	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	c := l.Calendar("RS")
	if !c.Verified || len(c.Holidays) == 0 {
		t.Fatal("there is no calendar of Serbia")
	}
	return c
}

func TestOrthodoxEaster(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"2015-04-12", "2016-05-01", "2017-04-16", "2018-04-08", "2019-04-28", "2020-04-19", "2021-05-02", "2022-04-24",
		"2023-04-16", "2024-05-05", "2025-04-20", "2026-04-12", "2027-05-02", "2028-04-16", "2029-04-08", "2030-04-28",
	} {
		want := date(t, s)
		if got := OrthodoxEaster(want.Year); got != want {
			t.Errorf("Easter of %d is %s, want %s", want.Year, got, want)
		}
	}
	for y := firstYear; y <= lastYear; y++ {
		if OrthodoxEaster(y).Weekday() != time.Sunday {
			t.Errorf("Easter of %d is not a Sunday", y)
		}
	}
}

func TestHolidaysOfSerbia(t *testing.T) {
	t.Parallel()
	c := serbia(t)
	for _, row := range []struct{ day, want string }{
		{"2026-01-01", "new_year"}, {"2026-01-02", "new_year"}, {"2026-01-03", ""},
		{"2026-01-07", "orthodox_christmas"},
		{"2026-02-15", "statehood_day"}, {"2026-02-16", "statehood_day"},
		{"2026-02-17", "statehood_day"}, // the 15th is a Sunday, the 16th a holiday already
		{"2026-02-18", ""},
		{"2026-04-10", "orthodox_good_friday"}, {"2026-04-12", "orthodox_easter"}, {"2026-04-13", "orthodox_easter_monday"}, {"2026-04-14", ""},
		{"2023-01-03", "new_year"}, {"2022-01-03", "new_year"}, {"2024-01-08", ""}, // Christmas on a Sunday does not move
		{"2021-05-03", "orthodox_easter_monday"}, {"2021-05-04", "labour_day"}, {"2021-05-05", ""},
		{"2018-11-12", "armistice_day"}, {"2026-11-11", "armistice_day"},
		{"2011-11-11", ""}, // before the data begins
	} {
		if got := c.Holiday(date(t, row.day)); got != row.want {
			t.Errorf("%s is %q, want %q", row.day, got, row.want)
		}
	}
}

func TestShift(t *testing.T) {
	t.Parallel()
	c := serbia(t)
	for _, row := range []struct{ day, want string }{
		{"2026-11-20", "2026-11-20"}, // a Friday
		{"2026-11-21", "2026-11-23"},
		{"2026-11-22", "2026-11-23"},
		{"2026-04-10", "2026-04-14"}, // Good Friday to the Tuesday after Easter
		{"2026-12-31", "2026-12-31"},
		{"2027-01-01", "2027-01-04"}, // over New Year and a weekend
		{"2021-04-30", "2021-05-05"}, // Easter and Labour Day together
	} {
		if got := c.Shift(date(t, row.day)).String(); got != row.want {
			t.Errorf("%s moves to %s, want %s", row.day, got, row.want)
		}
	}
}

// Over ten years a shift never goes back, never more than six days on, and
// always ends on a working day with none skipped.
func TestShiftHolds(t *testing.T) {
	t.Parallel()
	c := serbia(t)
	for d := date(t, "2020-01-01"); d.Year < 2030; d = d.AddDays(1) {
		got := c.Shift(d)
		if !c.Working(got) || got.Before(d) || d.DaysUntil(got) > 6 {
			t.Fatalf("%s moves to %s", d, got)
		}
		for e := d; e.Before(got); e = e.AddDays(1) {
			if c.Working(e) {
				t.Fatalf("%s moves to %s over the working day %s", d, got, e)
			}
		}
		if n := c.AddWorking(d, 5); d.DaysUntil(n) < 5 || !c.Working(n) {
			t.Fatalf("five working days after %s are %s", d, n)
		}
	}
}

func TestUnknownCountryHasWeekends(t *testing.T) {
	t.Parallel()
	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Calendar("ZZ").AddWorking(date(t, "2026-11-20"), 5).String(); got != "2026-11-27" {
		t.Errorf("five working days after a Friday are %s", got)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	good := `{"zone":"UTC","fresh_months":6,"clocks":[]}`
	rules := `[{"id":"a","source":"s","link":"l","verified":false,"as_of":"2026-01-01","matter":"m","kinds":["court"],"period":{"amount":1,"unit":"days"}}]`
	if _, err := read([]byte(good), []byte(`[]`), []byte(rules)); err != nil {
		t.Fatal(err)
	}
	for _, broken := range []string{
		strings.Replace(rules, `"days"`, `"fortnights"`, 1),
		strings.Replace(rules, `"days"`, `"unknown"`, 1),
		strings.Replace(rules, `"as_of":"2026-01-01",`, ``, 1),
		strings.Replace(rules, `"matter"`, `"start":"whim","matter"`, 1),
		strings.Replace(rules, `"source":"s"`, `"source":""`, 1),
		strings.Replace(rules, `["court"]`, `[]`, 1),
		strings.Replace(rules, `"matter"`, `"mater"`, 1),
		strings.Replace(rules, `"link":"l"`, `"link":"l","valid_from":"2026-02-30"`, 1),
	} {
		if _, err := read([]byte(good), []byte(`[]`), []byte(broken)); err == nil {
			t.Errorf("accepted %s", broken)
		}
	}
	for _, broken := range []string{
		strings.Replace(good, `"UTC"`, `""`, 1),
		strings.Replace(good, `"clocks":[]`, `"clocks":[{"id":"c","source":"s","link":"l","verified":true,"start":"x","period":{"amount":1,"unit":"days"},"last_day":"in_time","steps":{}}]`, 1),
	} {
		if _, err := read([]byte(broken), []byte(`[]`), []byte(rules)); err == nil {
			t.Errorf("accepted %s", broken)
		}
	}
}
