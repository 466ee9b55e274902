package partners

import (
	"slices"
	"strings"

	"homeward/geo/script"
	"homeward/partners/pack"
)

// knownPeople are the parties as the form asks for them: as applicant and as
// the person who took the child, and where their relation says so as mother and
// father.
func (w *paperwork) knownPeople(k pack.Known) {
	m := w.matter
	var others []string
	seen := map[string]bool{}
	for i := range m.Parties {
		p := &m.Parties[i]
		w.knownParent(k, p)
		switch {
		case p.Role == "left_behind" && !seen[p.Role]:
			w.person(k, p, "applicant.name", "applicant.birth", "applicant.nationality", "applicant.address")
			k.Set("applicant.relation", "", p.Relation)
			k.Set("applicant.contact", "", join(", ", p.Phone, p.Email))
		case p.Role == "taking" && !seen[p.Role]:
			w.person(k, p, "taker.name", "taker.birth", "taker.nationalities", "taker.last_address")
			k.Set("taker.relation", "", p.Relation)
			k.Set("taker.documents", "", w.documents(func(t *TravelDocument) bool { return t.PartyID == p.ID }))
		default:
			others = append(others, join(", ", p.Name, p.Relation, p.Address, p.Phone, p.Email))
		}
		seen[p.Role] = true
	}
	if !seen["left_behind"] {
		k.Set("applicant.name", "", m.LeftBehind)
	}
	if !seen["taking"] {
		k.Set("taker.name", "", m.TakingPerson)
	}
	k.Set("others", "", strings.Join(others, "\n"))
}

// person notes what is known of somebody under four lines of the form.
func (w *paperwork) person(k pack.Known, p *Party, name, birth, nationality, address string) {
	k.Set(name, "", p.Name)
	k.Set(birth, "", w.day(p.BirthDate))
	k.Set(nationality, "", w.countries(p.Nationalities))
	k.Set(address, "", p.Address)
}

// knownParent fills the form's lines on mother or father when that is what a
// party's relation says.
func (w *paperwork) knownParent(k pack.Known, p *Party) {
	for _, who := range []string{"mother", "father"} {
		if !w.called(p.Relation, "is."+who) {
			continue
		}
		w.person(k, p, who+".name", who+".birth", who+".nationalities", who+".residence")
		k.Set(who+".phone", "", p.Phone)
		k.Set(who+".documents", "", w.documents(func(t *TravelDocument) bool { return t.PartyID == p.ID }))
	}
}

// called tells whether a text is a word of the data in one of its languages.
func (w *paperwork) called(text, word string) bool {
	return slices.ContainsFunc(pack.Languages(), func(lang string) bool {
		return text != "" && script.Fold(text) == script.Fold(w.data.Word(word, lang))
	})
}

func (w *paperwork) countries(codes []string) string {
	var out []string
	for _, c := range codes {
		out = append(out, w.country(c))
	}
	return strings.Join(out, ", ")
}

// documents lists the passports that somebody has, and never where they lie.
func (w *paperwork) documents(of func(*TravelDocument) bool) string {
	var out []string
	for i := range w.matter.Documents {
		t := &w.matter.Documents[i]
		if !of(t) {
			continue
		}
		until := ""
		if t.ValidUntil != "" {
			until = w.data.Word("until", w.lang) + " " + w.day(t.ValidUntil)
		}
		out = append(out, join(", ", join(" ", w.data.Word("document."+t.Kind, w.lang), t.Number), w.country(t.State), until))
	}
	return strings.Join(out, "; ")
}

// traces are what points to the way or to the place, oldest first.
func (w *paperwork) traces(kind string) string {
	var out []string
	for i := range w.matter.Traces {
		if t := &w.matter.Traces[i]; t.Kind == kind {
			out = append(out, join(", ", w.day(t.Date), t.Text))
		}
	}
	return strings.Join(out, "\n")
}

func (w *paperwork) familyContacts() string {
	var out []string
	for i := range w.matter.FamilyContacts {
		f := &w.matter.FamilyContacts[i]
		out = append(out, join(", ", w.day(f.Date), f.With, f.Note))
	}
	return strings.Join(out, "\n")
}

func (w *paperwork) travelConsents() string {
	var out []string
	for i := range w.matter.Authorisations {
		if c := &w.matter.Authorisations[i]; c.Kind == "travel_consent" {
			out = append(out, join(", ", w.day(c.Given), join(" ", w.data.Word("for", w.lang), c.To), w.day(c.ValidUntil)))
		}
	}
	return strings.Join(out, "\n")
}

// decisions are those on the return, or all the others.
func (w *paperwork) decisions(onReturn bool) string {
	var out []string
	for i := range w.matter.Decisions {
		c := &w.matter.Decisions[i]
		if strings.HasPrefix(c.What, "return_") != onReturn {
			continue
		}
		court := c.Court
		if court == "" {
			court = w.desk.institutionName(c.InstitutionID)
		}
		out = append(out, join(": ", join(", ", w.data.Word("decision."+c.What, w.lang), court, w.day(c.Date)), c.Text))
	}
	return strings.Join(out, "\n")
}
