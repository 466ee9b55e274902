package abduction

import (
	"testing"
	"time"
)

func TestWesternEaster(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"1961-04-02", "1962-04-22", "2000-04-23", "2008-03-23", "2011-04-24", "2015-04-05", "2016-03-27", "2018-04-01", "2019-04-21", "2020-04-12",
		"2021-04-04", "2022-04-17", "2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21", "2038-04-25",
	} {
		want := date(t, s)
		if got := WesternEaster(want.Year); got != want {
			t.Errorf("Easter of %d is %s, want %s", want.Year, got, want)
		}
	}
	for y := firstYear; y <= lastYear; y++ {
		e := WesternEaster(y)
		if e.Weekday() != time.Sunday || e.Before(Date{y, 3, 22}) || (Date{y, 4, 25}).Before(e) {
			t.Errorf("Easter of %d is %s", y, e)
		}
	}
}

func TestHolidaysByCountry(t *testing.T) {
	t.Parallel()
	l := law(t)
	for country, days := range map[string]map[string]string{
		"HR": {"2026-06-04": "corpus_christi", "2026-04-06": "easter_monday", "2026-11-18": "remembrance_day", "2026-08-05": "victory_day", "2026-04-03": ""},
		"SI": {"2026-02-08": "culture_day", "2026-01-02": "new_year", "2026-06-25": "statehood_day"},
		"HU": {"2026-04-03": "good_friday", "2026-05-25": "whit_monday", "2026-10-23": "revolution_day"},
		"DE": {"2026-05-14": "ascension", "2026-10-03": "unity_day", "2026-06-04": ""},
		"AT": {"2026-06-04": "corpus_christi", "2026-10-26": "national_day", "2026-04-03": ""},
		"IT": {"2026-04-25": "liberation_day", "2025-10-04": "", "2026-10-04": "saint_francis"},
		"FR": {"2026-07-14": "national_day", "2026-05-25": "whit_monday", "2026-04-03": ""},
		"SE": {"2026-06-19": "midsummer_eve", "2025-06-20": "midsummer_eve", "2027-06-25": "midsummer_eve", "2026-06-06": "national_day"},
		"CH": {"2026-08-01": "national_day", "2026-05-14": "ascension"},
		"ME": {"2026-07-13": "statehood_day", "2025-07-15": "statehood_day", "2025-07-16": "", "2024-07-15": "statehood_day", "2026-05-21": "independence_day"},
		"MK": {"2026-04-13": "orthodox_easter_monday", "2026-08-03": "republic_day", "2026-09-08": "independence_day"},
		"BA": {"2026-05-02": "labour_day", "2026-11-25": ""},
		"RS": {"2026-04-13": "orthodox_easter_monday", "2026-04-06": ""},
	} {
		c := l.Calendar(country)
		if c.Source == "" || c.Zone == "" {
			t.Errorf("there is no calendar of %s", country)
		}
		if _, err := time.LoadLocation(c.Zone); err != nil {
			t.Errorf("%s: %v", country, err)
		}
		for day, want := range days {
			if got := c.Holiday(date(t, day)); got != want {
				t.Errorf("%s: %s is %q, want %q", country, day, got, want)
			}
		}
	}
}

// In every calendar a shift ends on a working day, within ten days, with none
// skipped; and five working days are at least seven days.
func TestEveryCalendarHolds(t *testing.T) {
	t.Parallel()
	l := law(t)
	for i := range l.Calendars {
		c := &l.Calendars[i]
		for d := date(t, "2021-01-01"); d.Year < 2031; d = d.AddDays(1) {
			got := c.Shift(d)
			if !c.Working(got) || got.Before(d) || d.DaysUntil(got) > 10 {
				t.Fatalf("%s: %s moves to %s", c.Country, d, got)
			}
			n := c.AddWorking(d, 5)
			worked := 0
			for e := d.AddDays(1); !n.Before(e); e = e.AddDays(1) {
				if c.Working(e) {
					worked++
				}
			}
			if worked != 5 || !c.Working(n) || d.DaysUntil(n) < 5 {
				t.Fatalf("%s: five working days after %s are %s", c.Country, d, n)
			}
		}
	}
}
