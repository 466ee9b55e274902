package web

import (
	"slices"
	"strconv"
	"strings"

	"homeward/partners"
)

// onShift is how many people the form has room for on one shift.
const onShift = 3

// shiftRow is one row of the form for a rota.
type shiftRow struct {
	Row string // its place, which is part of its fields' names
	partners.Shift
}

// Is tells whether a day is ticked.
func (r shiftRow) Is(day string) bool { return slices.Contains(r.Days, day) }

// Nth is who is tried as the nth, "" for nobody.
func (r shiftRow) Nth(n int) string {
	if n < len(r.People) {
		return r.People[n]
	}
	return ""
}

// rota reads the rows in which a day, a time or somebody is.
func (f *Form) rota() []partners.Shift {
	var out []partners.Shift
	for i, row := range f.Values["rota.row"] {
		s := partners.Shift{Days: f.All("rota.days." + row), From: f.nth("rota.from", i), To: f.nth("rota.to", i), People: f.All("rota.people." + row)}
		if len(s.Days)+len(s.People) > 0 || s.From+s.To != "" {
			out = append(out, s)
		}
	}
	return out
}

// ShiftRows are the rows of the form for a rota: those there are and two empty
// ones.
func (f *Form) ShiftRows() []shiftRow {
	var out []shiftRow
	for _, s := range append(f.rota(), make([]partners.Shift, 2)...) {
		out = append(out, shiftRow{strconv.Itoa(len(out)), s})
	}
	return out
}

// PeopleRows are the rows of the form for people: those there are and two empty
// ones.
func (f *Form) PeopleRows() []partners.Person {
	return append(f.partnerPeople(), make([]partners.Person, 2)...)
}

// Colleagues are the people with a name, to choose from for the rota: by their
// id, or by name before they have one.
func (f *Form) Colleagues() []Choice {
	var out []Choice
	for _, q := range f.partnerPeople() {
		value := q.ID
		if value == "" {
			value = q.Name
		}
		out = append(out, Choice{value, q.Name})
	}
	return out
}

// silenceFields are the parts of a policy's row in the form's names.
func silenceFields() []string {
	return []string{"webhook", "email", "call", "next_person", "reached", "coordinator"}
}

func silenceNumbers(s *partners.Silence) []*int {
	return []*int{&s.Webhook, &s.Email, &s.Call, &s.NextPerson, &s.Reached, &s.Coordinator}
}

// silence reads the rows of the policy that are ticked as agreed otherwise.
func (f *Form) silence() []partners.Silence {
	var out []partners.Silence
	for _, severity := range f.All("silence.own") {
		s := partners.Silence{Severity: severity}
		for i, to := range silenceNumbers(&s) {
			*to = f.Number("silence." + severity + "." + silenceFields()[i])
		}
		out = append(out, s)
	}
	return out
}

// setReach fills in how an organisation is reached.
func (f *Form) setReach(v partners.PartnerView) {
	f.Set("zone", v.Zone)
	f.Values["services"] = v.Services
	if v.PFIF {
		f.Set("pfif", "yes")
	}
	for _, q := range v.People {
		for name, value := range map[string]string{
			"id": q.ID, "name": q.Name, "function": q.Function, "phone": q.Phone, "email": q.Email,
			"channels": strings.Join(q.Channels, " "), "languages": strings.Join(q.Languages, ", "),
		} {
			f.Values.Add("people."+name, value)
		}
	}
	for i, s := range v.Rota {
		row := strconv.Itoa(i)
		f.Values.Add("rota.row", row)
		f.Values.Add("rota.from", s.From)
		f.Values.Add("rota.to", s.To)
		f.Values["rota.days."+row], f.Values["rota.people."+row] = s.Days, s.People
	}
	for _, own := range v.Silence {
		f.Values.Add("silence.own", own.Severity)
	}
	for _, p := range v.Policies {
		for i, n := range silenceNumbers(&p.Silence) {
			f.Set("silence."+p.Severity+"."+silenceFields()[i], strconv.Itoa(*n))
		}
	}
}

// splitWords reads words with commas or spaces between.
func splitWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// SilenceFields are the columns of the policy, for the form.
func (p *Page) SilenceFields() []string { return silenceFields() }

// Severities are the grades of an alert, the gravest first.
func (p *Page) Severities() []string {
	return []string{"extreme", "severe", "moderate", "minor", "unknown"}
}

// Weekdays are the days of the week from Monday on.
func (p *Page) Weekdays() []Choice {
	return p.Words("weekday", []string{"mo", "tu", "we", "th", "fr", "sa", "su"})
}

// ServiceChoices are the services that an organisation may offer.
func (p *Page) ServiceChoices() []Choice { return p.Words("service", partners.Services()) }

// ChannelOrders are the orders in which somebody may want to be reached.
func (p *Page) ChannelOrders() []Choice {
	var out []Choice
	for _, order := range []string{"email call", "call email", "email", "call"} {
		out = append(out, Choice{order, p.T("reach.order_" + strings.ReplaceAll(order, " ", "_"))})
	}
	return out
}

// ShiftPlaces are the places of people on a shift.
func (p *Page) ShiftPlaces() []int {
	out := make([]int, onShift)
	for i := range out {
		out[i] = i
	}
	return out
}

// PersonName names a person of an organisation by id.
func (p *Page) PersonName(v partners.PartnerView, id string) string {
	for _, q := range v.People {
		if q.ID == id {
			return q.Name
		}
	}
	return id
}

// Joined writes words with something between.
func (p *Page) Joined(words []string, between string) string { return strings.Join(words, between) }
