package pack

import (
	"slices"
	"strconv"
	"strings"

	"homeward/alerts"
)

// Child is a child of the case, with the name that headings call it by.
type Child struct{ ID, Name string }

// Answer is what somebody has written into a line of the form, because nothing
// else holds it or because it is to be said differently. Of is the child's id
// under a heading for each child.
type Answer struct {
	Field string `json:"field"`
	Of    string `json:"of,omitempty"`
	Value string `json:"value"`
}

// Known is what case and matter hold, by the field's id and, for a child's, "/"
// and its id.
type Known map[string]string

func knownKey(field, of string) string {
	if of == "" {
		return field
	}
	return field + "/" + of
}

// Set notes what is known under a field.
func (k Known) Set(field, of, value string) {
	if value = strings.TrimSpace(value); value != "" {
		k[knownKey(field, of)] = value
	}
}

// Filled is the form as one recipient would get it.
type Filled struct {
	Basis
	Language string          `json:"language"`
	Sections []FilledSection `json:"sections"`
	// Missing counts the lines that are required and empty, Withheld those that
	// must stay here.
	Missing  int `json:"missing"`
	Withheld int `json:"withheld"`
}

// FilledSection is one heading, of one child where it is repeated.
type FilledSection struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// ChildID is the child that it is about, and ChildName what it is called.
	ChildID   string        `json:"child_id,omitempty"`
	ChildName string        `json:"child_name,omitempty"`
	Fields    []FilledField `json:"fields"`
}

// FilledField is one line. Value is empty when nothing is known, and when the
// line must stay here: Withheld then says why.
type FilledField struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Value string `json:"value,omitempty"`
	// Recorded is what case or matter hold, when something else was written.
	Recorded string `json:"recorded,omitempty"`
	Typed    bool   `json:"typed"`
	Required bool   `json:"required"`
	Long     bool   `json:"long"`
	Missing  bool   `json:"missing"`
	Withheld string `json:"withheld,omitempty"`
}

// Fill fills the form for one recipient.
func (d *Data) Fill(lang string, children []Child, known Known, answers []Answer, g *Gate) *Filled {
	out := &Filled{Basis: d.Form.Basis, Language: lang, Sections: []FilledSection{}}
	for _, s := range d.Form.Sections {
		if s.Each == "" {
			out.Sections = append(out.Sections, out.section(&s, lang, Child{}, known, answers, g))
			continue
		}
		for i, c := range children {
			if g.Bars([]alerts.Class{alerts.P1}, nil, c.Name) != "" || c.Name == "" {
				c.Name = strconv.Itoa(i + 1)
			}
			out.Sections = append(out.Sections, out.section(&s, lang, c, known, answers, g))
		}
	}
	return out
}

func (out *Filled) section(s *Section, lang string, c Child, known Known, answers []Answer, g *Gate) FilledSection {
	filled := FilledSection{ID: s.ID, Title: s.In(lang), ChildID: c.ID, ChildName: c.Name}
	for i := range s.Fields {
		f := &s.Fields[i]
		line := FilledField{ID: f.ID, Title: f.In(lang), Required: f.Required, Long: f.Long, Recorded: known[knownKey(f.ID, c.ID)]}
		line.Value = line.Recorded
		if typed := written(answers, f.ID, c.ID); typed != "" {
			line.Value, line.Typed = typed, true
		}
		if g.Bars([]alerts.Class{f.Class}, nil, line.Recorded) != "" || line.Recorded == line.Value {
			line.Recorded = ""
		}
		line.Withheld = g.Bars([]alerts.Class{f.Class}, f.Hide, line.Value)
		switch {
		case line.Withheld != "" && line.Value == "":
			// Nothing is there to be withheld; whether it would be is not told
			// as a gap either.
			line.Missing = f.Required
			line.Withheld = ""
		case line.Withheld != "":
			line.Value, line.Recorded, line.Typed = "", "", false
			out.Withheld++
		default:
			line.Missing = f.Required && line.Value == ""
		}
		if line.Missing {
			out.Missing++
		}
		filled.Fields = append(filled.Fields, line)
	}
	return filled
}

func written(answers []Answer, field, of string) string {
	for _, a := range answers {
		if a.Field == field && a.Of == of {
			return a.Value
		}
	}
	return ""
}

// Get returns a line's value, "" when it is missing or stays here. Of is the
// child's id under a heading for each child.
func (out *Filled) Get(field, of string) string {
	for _, s := range out.Sections {
		for _, f := range s.Fields {
			if f.ID == field && s.ChildID == of {
				return f.Value
			}
		}
	}
	return ""
}

// each joins what is known under a field for every child, once each.
func (out *Filled) each(field, between string) string {
	var all []string
	for _, s := range out.Sections {
		for _, f := range s.Fields {
			if f.ID == field && f.Value != "" && !slices.Contains(all, f.Value) {
				all = append(all, f.Value)
			}
		}
	}
	return strings.Join(all, between)
}

// Facts are the form's lines as letters name them. What the form does not hold
// is added by the caller, through the same gate.
func (d *Data) Facts(out *Filled) Facts {
	facts := Facts{}
	set := func(key, value string) {
		if value != "" {
			facts[key] = value
		}
	}
	for _, key := range []string{"wrongful.kind", "wrongful.date", "wrongful.travel", "taker.name", "whereabouts", "grounds.custody", "proceedings", "police"} {
		set(key, out.Get(key, ""))
	}
	set("residence", out.each("child.residence", "; "))
	set("children.languages", out.each("child.languages", "; "))
	set("children.description", out.each("child.description", "; "))
	var names, list []string
	for _, s := range out.Sections {
		if s.ChildID == "" {
			continue
		}
		name := strings.TrimSpace(out.Get("child.given_names", s.ChildID) + " " + out.Get("child.family_name", s.ChildID))
		if name == "" {
			continue
		}
		names = append(names, name)
		line := "– " + name
		if born := out.Get("child.birth_date", s.ChildID); born != "" {
			line += ", " + d.Word("born", out.Language) + " " + born
		}
		list = append(list, line)
	}
	set("children.names", strings.Join(names, ", "))
	set("children.list", strings.Join(list, "\n"))
	return facts
}

// HasField tells whether the form has a line, and whether it is one for each
// child.
func (d *Data) HasField(id string) (each, ok bool) {
	for _, s := range d.Form.Sections {
		if slices.ContainsFunc(s.Fields, func(f Field) bool { return f.ID == id }) {
			return s.Each == "child", true
		}
	}
	return false, false
}
