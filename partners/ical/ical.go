package ical

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Calendar is a feed of events.
type Calendar struct {
	// Product names the program, such as -//Homeward//Deadlines//EN.
	Product string
	Name    string
	// Refresh is how often a program should ask again; 0 says nothing.
	Refresh time.Duration
	Events  []Event
}

// Event is one entry of a calendar: on a whole day, or at an instant.
type Event struct {
	// UID is the same each time the event is written.
	UID string
	// Stamp is when what the event says last changed.
	Stamp time.Time
	// Day is YYYY-MM-DD; when it is empty the event is at At, for Length.
	Day    string
	At     time.Time
	Length time.Duration
	// Summary and Description are texts; URL is where more is to be read.
	Summary, Description, URL string
	// Alarm is how long before its beginning a reminder is shown; 0 for none. A
	// whole day begins at midnight where the reader is.
	Alarm time.Duration
}

// lineOctets is how long a line may be, without its end.
const lineOctets = 75

// Encode writes a calendar. An event whose day is not a date is left out.
func Encode(c Calendar) []byte {
	w := &writer{}
	w.line("BEGIN:VCALENDAR")
	w.line("VERSION:2.0")
	w.text("PRODID", c.Product)
	w.line("CALSCALE:GREGORIAN")
	w.text("NAME", c.Name)
	w.text("X-WR-CALNAME", c.Name)
	if c.Refresh > 0 {
		w.line("REFRESH-INTERVAL;VALUE=DURATION:" + duration(c.Refresh))
		w.line("X-PUBLISHED-TTL:" + duration(c.Refresh))
	}
	for i := range c.Events {
		w.event(&c.Events[i])
	}
	w.line("END:VCALENDAR")
	return []byte(w.b.String())
}

type writer struct{ b strings.Builder }

func (w *writer) event(e *Event) {
	day, err := time.Parse("2006-01-02", e.Day)
	if e.Day != "" && err != nil {
		return
	}
	w.line("BEGIN:VEVENT")
	w.text("UID", e.UID)
	w.line("DTSTAMP:" + utc(e.Stamp))
	if e.Day != "" {
		w.line("DTSTART;VALUE=DATE:" + day.Format("20060102"))
		w.line("DTEND;VALUE=DATE:" + day.AddDate(0, 0, 1).Format("20060102"))
	} else {
		w.line("DTSTART:" + utc(e.At))
		w.line("DTEND:" + utc(e.At.Add(e.Length)))
	}
	w.text("SUMMARY", e.Summary)
	w.text("DESCRIPTION", e.Description)
	if e.URL != "" {
		w.line("URL:" + plain(e.URL))
	}
	w.line("CLASS:PRIVATE")
	w.line("TRANSP:TRANSPARENT")
	if e.Alarm > 0 {
		w.line("BEGIN:VALARM")
		w.line("ACTION:DISPLAY")
		w.text("DESCRIPTION", e.Summary)
		w.line("TRIGGER:-" + duration(e.Alarm))
		w.line("END:VALARM")
	}
	w.line("END:VEVENT")
}

// text writes a property whose value is a text, and nothing when it is empty.
func (w *writer) text(name, value string) {
	if value != "" {
		w.line(name + ":" + escape(value))
	}
}

// line writes one line and folds it: what is longer goes on in the next, after
// a space that belongs to its length.
func (w *writer) line(s string) {
	room := lineOctets
	for len(s) > room {
		cut := room
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		w.b.WriteString(s[:cut] + "\r\n ")
		s, room = s[cut:], lineOctets-1
	}
	w.b.WriteString(s + "\r\n")
}

// escape writes a text so that nothing in it is taken for a sign. Control
// characters, which no value may hold, are dropped.
func escape(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	s = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", `\n`).Replace(s)
	return plain(s)
}

// plain drops control characters and repairs what is not UTF-8.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

func utc(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// duration writes whole minutes.
func duration(d time.Duration) string { return "PT" + strconv.Itoa(int(d/time.Minute)) + "M" }
