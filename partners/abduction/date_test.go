package abduction

import (
	"encoding/json"
	"testing"
	"time"
	_ "time/tzdata"
)

func date(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatalf("ParseDate(%q): %v", s, err)
	}
	return d
}

func TestAddMonths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2025-03-10", 12, "2026-03-10"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"},
		{"2023-02-28", 12, "2024-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2025-01-31", 1, "2025-02-28"},
		{"2024-08-31", 6, "2025-02-28"},
		{"2024-05-31", 6, "2024-11-30"},
		{"2024-12-31", 11, "2025-11-30"},
		{"2024-11-30", 3, "2025-02-28"},
		{"2024-03-31", -1, "2024-02-29"},
		{"2084-02-29", 16 * 12, "2100-02-28"}, // 2100 is no leap year
	} {
		if got := date(t, c.from).AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

// Every day of four years, by every number of months up to two years: the
// result lies in the right month, keeps the day where the month has it, and
// later starts never end earlier.
func TestAddMonthsHolds(t *testing.T) {
	t.Parallel()
	for n := range 25 {
		var last Date
		for d := date(t, "2023-01-01"); d.Year < 2027; d = d.AddDays(1) {
			got := d.AddMonths(n)
			wantMonth := (int(d.Month)-1+n)%12 + 1
			if int(got.Month) != wantMonth || got.Day > d.Day {
				t.Fatalf("%s + %d months = %s", d, n, got)
			}
			if got.Day < d.Day && got.AddDays(1).Month == got.Month {
				t.Fatalf("%s + %d months = %s is cut too far", d, n, got)
			}
			if !last.IsZero() && got.Before(last) {
				t.Fatalf("%s + %d months = %s, before that of the day before", d, n, got)
			}
			last = got
		}
	}
}

func TestDateOfIsTheZonesDay(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Belgrade")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ instant, want string }{
		{"2026-03-28T22:59:59Z", "2026-03-28"}, // the night before summer time starts
		{"2026-03-28T23:00:00Z", "2026-03-29"},
		{"2026-03-29T21:59:59Z", "2026-03-29"}, // a day of 23 hours
		{"2026-03-29T22:00:00Z", "2026-03-30"},
		{"2026-10-24T22:00:00Z", "2026-10-25"}, // a day of 25 hours
		{"2026-10-25T22:59:59Z", "2026-10-25"},
		{"2026-10-25T23:00:00Z", "2026-10-26"},
		{"2026-12-31T23:30:00Z", "2027-01-01"},
	} {
		at, err := time.Parse(time.RFC3339, c.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := DateOf(at, zone).String(); got != c.want {
			t.Errorf("%s is %s in Belgrade, want %s", c.instant, got, c.want)
		}
	}
	if got := date(t, "2026-03-28").DaysUntil(date(t, "2026-03-30")); got != 2 {
		t.Errorf("two days over the change of the hour are %d", got)
	}
	if got := date(t, "2026-10-24").DaysUntil(date(t, "2026-10-26")); got != 2 {
		t.Errorf("two days over the change of the hour are %d", got)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "2026", "2026-05", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-1-1", "26-01-01",
		"1899-12-31", "2200-01-01", "2026-01-01 ", " 2026-01-01", "2026/01/01", "2026-01-0x", "2026-01-01T00:00:00Z",
		"+026-01-01", "２０２６-01-01", "2026-04-31",
	} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %v", s, d)
		}
	}
}

func TestParseSpan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, first, last string }{
		{"2014", "2014-01-01", "2014-12-31"},
		{"2016-02", "2016-02-01", "2016-02-29"},
		{"2014-05-02", "2014-05-02", "2014-05-02"},
		{"", "", ""},
	} {
		s, err := ParseSpan(c.in)
		if err != nil || s.First.String() != c.first || s.Last.String() != c.last {
			t.Errorf("ParseSpan(%q) = %v %v", c.in, s, err)
		}
		if s.Known() != (len(c.in) == 10) || s.IsZero() != (c.in == "") {
			t.Errorf("ParseSpan(%q): known %v, zero %v", c.in, s.Known(), s.IsZero())
		}
	}
}

func TestDateJSON(t *testing.T) {
	t.Parallel()
	in := []Date{{}, date(t, "2026-05-02")}
	b, err := json.Marshal(in)
	if err != nil || string(b) != `[null,"2026-05-02"]` {
		t.Fatalf("%s %v", b, err)
	}
	var out []Date
	if err := json.Unmarshal(b, &out); err != nil || out[0] != in[0] || out[1] != in[1] {
		t.Fatalf("%v %v", out, err)
	}
}

func FuzzParseSpan(f *testing.F) {
	for _, s := range []string{"", "2014", "2014-05", "2014-05-02", "2016-02-29", "2015-02-29", "9999-99-99", "2014-5-2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		span, err := ParseSpan(s)
		if err != nil {
			if !span.IsZero() {
				t.Fatalf("%q: %v beside an error", s, span)
			}
			return
		}
		if span.Last.Before(span.First) {
			t.Fatalf("%q: %v ends before it starts", s, span)
		}
		if s != "" && span.First.String()[:len(s)] != s {
			t.Fatalf("%q became %s", s, span.First)
		}
		d, err := ParseDate(s)
		if (err == nil) != span.Known() || err == nil && d.String() != s {
			t.Fatalf("%q: ParseDate %v %v, known %v", s, d, err, span.Known())
		}
		want, err := time.Parse("2006-01-02", s)
		if span.Known() && (err != nil || on(want) != span.First) {
			t.Fatalf("%q: the standard library says %v %v", s, want, err)
		}
	})
}
