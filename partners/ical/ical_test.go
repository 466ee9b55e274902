package ical

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func one(e Event) string {
	return string(Encode(Calendar{Product: "-//Homeward//Deadlines//EN", Name: "Rokovi", Refresh: time.Hour, Events: []Event{e}}))
}

func TestWholeDay(t *testing.T) {
	t.Parallel()
	got := one(Event{
		UID: "a@example.org", Stamp: time.Date(2026, 11, 22, 1, 0, 0, 0, time.FixedZone("", 3600)), Day: "2026-12-31",
		Summary: "AB23CD45 · Odgovor, ustanove; \\", Description: "Jedan\nDva", URL: "https://homeward.example.org/desk", Alarm: 15 * time.Hour,
	})
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Homeward//Deadlines//EN
CALSCALE:GREGORIAN
NAME:Rokovi
X-WR-CALNAME:Rokovi
REFRESH-INTERVAL;VALUE=DURATION:PT60M
X-PUBLISHED-TTL:PT60M
BEGIN:VEVENT
UID:a@example.org
DTSTAMP:20261122T000000Z
DTSTART;VALUE=DATE:20261231
DTEND;VALUE=DATE:20270101
SUMMARY:AB23CD45 · Odgovor\, ustanove\; \\
DESCRIPTION:Jedan\nDva
URL:https://homeward.example.org/desk
CLASS:PRIVATE
TRANSP:TRANSPARENT
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:AB23CD45 · Odgovor\, ustanove\; \\
TRIGGER:-PT900M
END:VALARM
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestInstantIsInUTC(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Belgrade")
	if err != nil {
		t.Fatal(err)
	}
	got := one(Event{UID: "a", At: time.Date(2026, 7, 1, 9, 30, 0, 0, zone), Length: 30 * time.Minute})
	if !strings.Contains(got, "\r\nDTSTART:20260701T073000Z\r\nDTEND:20260701T080000Z\r\n") || strings.Contains(got, "VALARM") {
		t.Error(got)
	}
	if got := one(Event{UID: "a", Day: "tomorrow"}); strings.Contains(got, "VEVENT") {
		t.Error(got)
	}
}

// unfold undoes folding and escaping as a reader does.
func unfold(s string) string { return strings.ReplaceAll(s, "\r\n ", "") }

func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n").Replace(s)
}

func FuzzLines(f *testing.F) {
	for _, s := range []string{"", "plain", strings.Repeat("ж", 200), "a\r\nBEGIN:VEVENT", "x;y,z\\n", "\xff\x00", strings.Repeat("a", 66) + "ђ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := one(Event{UID: "a", Day: "2026-01-01", Summary: s, URL: s})
		if !strings.HasSuffix(got, "\r\nEND:VCALENDAR\r\n") || !utf8.ValidString(got) {
			t.Fatalf("%q", got)
		}
		for _, line := range strings.Split(strings.TrimSuffix(got, "\r\n"), "\r\n") {
			if len(line) > lineOctets || strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) {
				t.Fatalf("%d octets: %q", len(line), line)
			}
		}
		for _, line := range strings.Split(unfold(got), "\r\n") {
			if v, ok := strings.CutPrefix(line, "SUMMARY:"); ok && unescape(v) != plainLines(s) {
				t.Fatalf("%q was written as %q", s, v)
			}
		}
		if n := strings.Count(got, "\r\nBEGIN:VEVENT\r\n"); n != 1 {
			t.Fatalf("%d events", n)
		}
	})
}

// plainLines is a text as a reader gets it back: line ends alike, without
// control characters.
func plainLines(s string) string {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD")), "\n")
	for i := range lines {
		lines[i] = plain(lines[i])
	}
	return strings.Join(lines, "\n")
}
