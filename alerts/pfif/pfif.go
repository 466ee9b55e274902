package pfif

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Namespace is the XML namespace of PFIF 1.4, and MIMEType its media type.
const (
	Namespace = "http://zesty.ca/pfif/1.4"
	MIMEType  = "application/xml; charset=utf-8"
)

// ErrInvalid is wrapped by every error that says what a record breaks.
var ErrInvalid = errors.New("not a valid PFIF record")

// Person is one record. A placeholder has RecordID, SourceDate, EntryDate and
// ExpiryDate only. All times are written in UTC.
type Person struct {
	// RecordID is "domain/local id" of the record's home.
	RecordID   string
	EntryDate  time.Time
	ExpiryDate time.Time
	AuthorName string
	SourceName string
	SourceDate time.Time
	SourceURL  string
	// FullName is required of a person; without consent it is initials or a
	// plain word.
	FullName    string
	GivenName   string
	Description string
	// Sex is female, male or other; Age a number of years or a range such as
	// 6-9, as of SourceDate.
	Sex, Age string
	// HomeCountry is never written: where a child lives is nobody's business.
	PhotoURL string
	Notes    []Note
	// Placeholder marks a record that has run out or has been called back.
	Placeholder bool
}

// Note says something about a person.
type Note struct {
	RecordID   string
	EntryDate  time.Time
	AuthorName string
	SourceDate time.Time
	// Status is information_sought, believed_alive, believed_missing,
	// believed_dead, is_note_author or empty.
	Status            string
	LastKnownLocation string
	Text              string
}

// PlaceholderOf returns the placeholder of a record, made at an instant.
func PlaceholderOf(recordID string, at time.Time) Person {
	return Person{RecordID: recordID, EntryDate: at, ExpiryDate: at, SourceDate: at, Placeholder: true}
}

// Write returns records as one document, in the order given.
func Write(all []Person) ([]byte, error) {
	w := &writer{}
	w.b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<pfif:pfif xmlns:pfif="` + Namespace + `">` + "\n")
	seen := map[string]bool{}
	for i := range all {
		if err := all[i].check(); err != nil {
			return nil, err
		}
		if seen[all[i].RecordID] {
			return nil, fmt.Errorf("%w: %s is there twice", ErrInvalid, all[i].RecordID)
		}
		seen[all[i].RecordID] = true
		w.person(&all[i])
	}
	w.b.WriteString("</pfif:pfif>\n")
	return w.b.Bytes(), nil
}

func (p *Person) check() error {
	fault := func(what string) error { return fmt.Errorf("%w: %s", ErrInvalid, what) }
	switch {
	case !isRecordID(p.RecordID):
		return fault("a record id is domain/local id")
	case p.EntryDate.IsZero() || p.SourceDate.IsZero() || p.ExpiryDate.IsZero():
		return fault("a date is missing")
	case p.Placeholder:
		return p.checkPlaceholder(fault)
	case p.FullName == "":
		return fault("full_name is missing")
	case !p.ExpiryDate.After(p.SourceDate):
		return fault("it expires before it begins")
	case !slices.Contains([]string{"", "female", "male", "other"}, p.Sex):
		return fault("sex is unknown")
	case p.Age != "" && !isAge(p.Age):
		return fault("age is a number or a range")
	}
	for i := range p.Notes {
		if err := p.Notes[i].check(fault); err != nil {
			return err
		}
	}
	return p.checkTexts(fault)
}

func (p *Person) checkPlaceholder(fault func(string) error) error {
	if !p.EntryDate.Equal(p.ExpiryDate) || p.AuthorName+p.SourceName+p.SourceURL+p.FullName+p.GivenName+p.Description+p.Sex+p.Age+p.PhotoURL != "" || len(p.Notes) > 0 {
		return fault("a placeholder holds a number and dates only")
	}
	return nil
}

func (n *Note) check(fault func(string) error) error {
	switch {
	case !isRecordID(n.RecordID):
		return fault("a note's record id is domain/local id")
	case n.EntryDate.IsZero() || n.SourceDate.IsZero() || n.AuthorName == "" || n.Text == "":
		return fault("a note needs its author, its text and its dates")
	case !slices.Contains([]string{"", "information_sought", "is_note_author", "believed_alive", "believed_missing", "believed_dead"}, n.Status):
		return fault("a note's status is unknown")
	}
	return nil
}

func (p *Person) checkTexts(fault func(string) error) error {
	texts := []string{p.AuthorName, p.SourceName, p.SourceURL, p.FullName, p.GivenName, p.Description, p.PhotoURL}
	for _, n := range p.Notes {
		texts = append(texts, n.AuthorName, n.LastKnownLocation, n.Text)
	}
	for _, t := range texts {
		if !utf8.ValidString(t) || strings.ContainsFunc(t, func(r rune) bool {
			return r < 0x20 && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError
		}) {
			return fault("a text holds what XML cannot carry")
		}
	}
	return nil
}

func isRecordID(s string) bool {
	ok, _ := regexp.MatchString(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?/[^\s]{1,200}$`, s)
	return ok
}

func isAge(s string) bool {
	ok, _ := regexp.MatchString(`^\d{1,3}(-\d{1,3})?$`, s)
	return ok
}

type writer struct{ b bytes.Buffer }

// person writes the elements in the order of the specification.
func (w *writer) person(p *Person) {
	w.b.WriteString(" <pfif:person>\n")
	w.text("person_record_id", p.RecordID)
	w.time("entry_date", p.EntryDate)
	w.time("expiry_date", p.ExpiryDate)
	w.text("author_name", p.AuthorName)
	w.text("source_name", p.SourceName)
	w.time("source_date", p.SourceDate)
	w.text("source_url", p.SourceURL)
	w.text("full_name", p.FullName)
	w.text("given_name", p.GivenName)
	w.text("description", p.Description)
	w.text("sex", p.Sex)
	w.text("age", p.Age)
	w.text("photo_url", p.PhotoURL)
	for i := range p.Notes {
		w.note(&p.Notes[i], p.RecordID)
	}
	w.b.WriteString(" </pfif:person>\n")
}

func (w *writer) note(n *Note, person string) {
	w.b.WriteString("  <pfif:note>\n")
	w.text("note_record_id", n.RecordID)
	w.text("person_record_id", person)
	w.time("entry_date", n.EntryDate)
	w.text("author_name", n.AuthorName)
	w.time("source_date", n.SourceDate)
	w.text("status", n.Status)
	w.text("last_known_location", n.LastKnownLocation)
	w.text("text", n.Text)
	w.b.WriteString("  </pfif:note>\n")
}

func (w *writer) text(name, s string) {
	if s == "" {
		return
	}
	w.b.WriteString("  <pfif:" + name + ">")
	// Writing to a buffer does not fail.
	_ = xml.EscapeText(&w.b, []byte(s))
	w.b.WriteString("</pfif:" + name + ">\n")
}

func (w *writer) time(name string, t time.Time) { w.text(name, Time(t)) }

// Time writes a time as PFIF has it: UTC, whole seconds, always with Z.
func Time(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
