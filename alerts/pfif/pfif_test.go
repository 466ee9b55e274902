package pfif

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files")

func at(h int) time.Time { return time.Date(2031, 3, 5, h, 0, 0, 0, time.FixedZone("", 3600)) }

func somebody() Person {
	return Person{
		RecordID: "alerts.example.org/abc.1", EntryDate: at(10), ExpiryDate: at(10).Add(72 * time.Hour), AuthorName: "Example hotline",
		SourceName: "Example hotline", SourceDate: at(10), SourceURL: "https://alerts.example.org/appeals/x?a=1&s=2",
		FullName: "Đorđe", GivenName: "Đorđe", Description: "Blue <jacket> & red cap\nA white bag", Sex: "male", Age: "6-9",
		PhotoURL: "https://alerts.example.org/api/v1/alerts/abc/photo",
		Notes: []Note{{
			RecordID: "alerts.example.org/abc.1.note", EntryDate: at(10), AuthorName: "Example hotline", SourceDate: at(10),
			Status: "believed_missing", LastKnownLocation: "near Београд", Text: "Call 116 000.",
		}},
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, all := range map[string][]Person{
		"person":      {somebody()},
		"placeholder": {PlaceholderOf("alerts.example.org/abc.1", at(12))},
		"both":        {somebody(), PlaceholderOf("alerts.example.org/def.1", at(12))},
		"nobody":      nil,
	} {
		got, err := Write(all)
		if err != nil {
			t.Fatal(err)
		}
		file := "testdata/" + name + ".xml"
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

// TestOrder holds what is written against the order of the specification.
func TestOrder(t *testing.T) {
	t.Parallel()
	order := strings.Fields(`person_record_id entry_date expiry_date author_name author_email author_phone source_name source_date
		source_url full_name given_name family_name alternate_names description sex date_of_birth age home_street home_neighborhood
		home_city home_state home_postal_code home_country photo_url profile_urls note`)
	data, err := Write([]Person{somebody()})
	if err != nil {
		t.Fatal(err)
	}
	d, depth, last := xml.NewDecoder(bytes.NewReader(data)), 0, -1
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch v := token.(type) {
		case xml.StartElement:
			if depth++; v.Name.Space != Namespace {
				t.Errorf("%s is in %q", v.Name.Local, v.Name.Space)
			}
			if depth != 3 {
				continue
			}
			at := -1
			for i, name := range order {
				if name == v.Name.Local {
					at = i
				}
			}
			if at <= last {
				t.Errorf("%s is unknown or out of order", v.Name.Local)
			}
			last = at
		case xml.EndElement:
			depth--
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Person){
		"no id":              func(p *Person) { p.RecordID = "abc" },
		"space in the id":    func(p *Person) { p.RecordID = "a.example/b c" },
		"no name":            func(p *Person) { p.FullName = "" },
		"no expiry":          func(p *Person) { p.ExpiryDate = time.Time{} },
		"expired when made":  func(p *Person) { p.ExpiryDate = p.SourceDate },
		"no source date":     func(p *Person) { p.SourceDate = time.Time{} },
		"unknown sex":        func(p *Person) { p.Sex = "M" },
		"age in words":       func(p *Person) { p.Age = "six" },
		"control character":  func(p *Person) { p.Description = "a\x01b" },
		"not UTF-8":          func(p *Person) { p.FullName = "\xff" },
		"note without text":  func(p *Person) { p.Notes[0].Text = "" },
		"note with a status": func(p *Person) { p.Notes[0].Status = "found" },
		"placeholder with a name": func(p *Person) {
			p.Placeholder = true
		},
	} {
		p := somebody()
		spoil(&p)
		if out, err := Write([]Person{p}); !errors.Is(err, ErrInvalid) || out != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Write([]Person{somebody(), somebody()}); !errors.Is(err, ErrInvalid) {
		t.Errorf("twice the same: %v", err)
	}
}

// FuzzWrite holds every text that is taken against an XML reader.
func FuzzWrite(f *testing.F) {
	f.Add("Ђорђе", "a < b & c", "]]>")
	f.Add("\u0000", "\ufffe", "\t\n")
	f.Fuzz(func(t *testing.T, name, description, text string) {
		p := somebody()
		p.FullName, p.Description, p.Notes[0].Text = name, description, text
		out, err := Write([]Person{p})
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		var back struct {
			Person struct {
				Name string `xml:"full_name"`
				Text string `xml:"description"`
			} `xml:"person"`
		}
		if err := xml.Unmarshal(out, &back); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if back.Person.Name != name || back.Person.Text != description {
			t.Fatalf("%q and %q came back as %+v", name, description, back.Person)
		}
	})
}
