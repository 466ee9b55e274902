package pack

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"homeward/alerts"
	"homeward/geo/script"
)

//go:embed papers.json recipients.json form.json letters.json words.json letters/*.txt
var files embed.FS

// The languages in which forms and letters are written.
const (
	English  = "en"
	Cyrillic = "sr-Cyrl"
	Latin    = "sr-Latn"
)

// Languages returns the languages of forms and letters.
func Languages() []string { return []string{Latin, Cyrillic, English} }

// Wording is a text in English and in Serbian Cyrillic, of which Serbian Latin
// is made.
type Wording struct {
	EN string `json:"en"`
	SR string `json:"sr"`
}

// In returns the text in a language.
func (w Wording) In(lang string) string {
	switch lang {
	case Cyrillic:
		return w.SR
	case Latin:
		return script.ToLatin(w.SR)
	}
	return w.EN
}

// Basis is where a row comes from.
type Basis struct {
	Source string `json:"source"`
	Link   string `json:"link"`
	// Verified tells whether the row was checked against its source.
	Verified bool `json:"verified"`
}

// Row is one paper of the checklist.
type Row struct {
	ID string `json:"id"`
	Wording
	Basis
	// Serves is the document of a step of the procedure that this paper is, ""
	// for none.
	Serves string `json:"serves,omitempty"`
	// Need is required or if_any: only where there is one.
	Need string `json:"need"`
	// Each is "child" for a paper that every child needs.
	Each string `json:"each,omitempty"`
	// Classes are what the paper holds: a reader needs all of them.
	Classes []alerts.Class `json:"classes"`
	// Hide are the facts that it would tell, in the words of alerts.HiddenFields.
	Hide []string `json:"hide,omitempty"`
	// Routes are the legal routes that ask for it; empty for all.
	Routes []string `json:"routes"`
	// FromState and ToState limit it to one sending or requested state.
	FromState string `json:"from_state,omitempty"`
	ToState   string `json:"to_state,omitempty"`
	Translate bool   `json:"translate,omitempty"`
	Certify   bool   `json:"certify,omitempty"`
	NoteEN    string `json:"note_en,omitempty"`
	NoteSR    string `json:"note_sr,omitempty"`
}

// Note is what to know about the paper, empty for nothing.
func (r *Row) Note() Wording { return Wording{r.NoteEN, r.NoteSR} }

// Recipient is a kind of reader outside, with what may reach it.
type Recipient struct {
	ID string `json:"id"`
	Wording
	// Kinds are the kinds of institution that it stands for.
	Kinds []string `json:"kinds"`
	// Classes is the allow-list of what it may get.
	Classes []alerts.Class `json:"classes"`
	// Reaches are the parties of the case who will read what it gets, "*" for
	// all of them.
	Reaches []string `json:"reaches"`
	WhyEN   string   `json:"why_en"`
	WhySR   string   `json:"why_sr"`
}

// Why says who else reads what the recipient gets, empty for nobody.
func (r *Recipient) Why() Wording { return Wording{r.WhyEN, r.WhySR} }

// Section is one heading of the model form.
type Section struct {
	ID string `json:"id"`
	Wording
	// Each is "child" for a heading that is repeated for every child.
	Each   string  `json:"each,omitempty"`
	Fields []Field `json:"fields"`
}

// Field is one line of the model form.
type Field struct {
	ID string `json:"id"`
	Wording
	Class    alerts.Class `json:"class"`
	Hide     []string     `json:"hide,omitempty"`
	Required bool         `json:"required,omitempty"`
	Long     bool         `json:"long,omitempty"`
	// Known tells that the case or the matter may hold it.
	Known bool `json:"known,omitempty"`
}

// Form is the model form.
type Form struct {
	Basis
	Sections []Section `json:"sections"`
}

// Template is one kind of letter.
type Template struct {
	ID string `json:"id"`
	Wording
	Basis
	// Recipients are ids of Recipient to whom it goes.
	Recipients []string `json:"recipients"`
	// Routes are the legal routes for which it is meant; empty for all.
	Routes []string `json:"routes"`
	// subject and body by language, en and sr.
	subject, body Wording
}

// Data is everything that the package holds.
type Data struct {
	Rows       []Row
	Recipients []Recipient
	Form       Form
	Templates  []Template
	words      map[string]Wording
}

// Load reads the embedded data and refuses any that is not complete.
func Load() (*Data, error) {
	d := &Data{}
	var rows struct{ Items []Row }
	var recipients struct{ Recipients []Recipient }
	var letters struct{ Letters []Template }
	err := errors.Join(read("papers.json", &rows), read("recipients.json", &recipients), read("form.json", &d.Form),
		read("letters.json", &letters), read("words.json", &d.words))
	d.Rows, d.Recipients, d.Templates = rows.Items, recipients.Recipients, letters.Letters
	if err == nil {
		err = d.readLetters()
	}
	if err == nil {
		err = d.check()
	}
	if err != nil {
		return nil, fmt.Errorf("read the application pack: %w", err)
	}
	return d, nil
}

func read(name string, into any) error {
	raw, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Recipient returns a kind of reader outside.
func (d *Data) Recipient(id string) (*Recipient, bool) { return find(d.Recipients, id, recipientID) }

// Template returns a kind of letter.
func (d *Data) Template(id string) (*Template, bool) { return find(d.Templates, id, templateID) }

// Row returns a paper of the checklist.
func (d *Data) Row(id string) (*Row, bool) { return find(d.Rows, id, rowID) }

func recipientID(r *Recipient) string { return r.ID }
func templateID(t *Template) string   { return t.ID }
func rowID(r *Row) string             { return r.ID }

func find[T any](all []T, id string, of func(*T) string) (*T, bool) {
	i := slices.IndexFunc(all, func(x T) bool { return of(&x) == id })
	if i < 0 {
		return nil, false
	}
	return &all[i], true
}

// Word returns a word of the data, such as "sex.female", in a language.
func (d *Data) Word(key, lang string) string { return d.words[key].In(lang) }

// FactTitle is what a fact that letters name is called: as the form calls its
// line, where there is one.
func (d *Data) FactTitle(key, lang string) string {
	for _, s := range d.Form.Sections {
		for _, f := range s.Fields {
			if f.ID == key {
				return f.In(lang)
			}
		}
	}
	return d.Word("fact."+key, lang)
}

// Checklist returns the papers that a route asks for between two states. A
// route that is not determined asks for what all routes do.
func (d *Data) Checklist(route, from, to string) []Row {
	var out []Row
	for _, r := range d.Rows {
		if (len(r.Routes) == 0 || slices.Contains(r.Routes, route)) &&
			(r.FromState == "" || r.FromState == from) && (r.ToState == "" || r.ToState == to) {
			out = append(out, r)
		}
	}
	return out
}

// TemplatesFor returns the letters that fit a route: those for it first, then
// the others.
func (d *Data) TemplatesFor(route string) []Template {
	out := slices.Clone(d.Templates)
	slices.SortStableFunc(out, func(a, b Template) int { return a.misfit(route) - b.misfit(route) })
	return out
}

func (t *Template) misfit(route string) int {
	if len(t.Routes) == 0 || slices.Contains(t.Routes, route) {
		return 0
	}
	return 1
}
