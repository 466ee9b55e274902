package web

import (
	"fmt"
	"strconv"

	"homeward/alerts"
	"homeward/partners"
)

func (f *Form) preventedChildren() []partners.PreventedChild {
	var out []partners.PreventedChild
	for i := range childRows {
		at := fmt.Sprintf("children[%d].", i)
		k := partners.PreventedChild{Name: f.Get(at + "name"), BirthDate: f.Get(at + "birth_date"), Nationalities: append(f.All(at+"nationality1"), f.All(at+"nationality2")...)}
		if k.Name != "" || k.BirthDate != "" {
			out = append(out, k)
		}
	}
	return out
}

// states are the countries chosen one by one.
func (f *Form) states() []string {
	var out []string
	for i := range stateRows {
		out = append(out, f.All("to_state"+strconv.Itoa(i+1))...)
	}
	return out
}

func (s *Server) preventionForm(a alerts.Actor, v partners.PreventionView) *Form {
	f := s.newForm("state", v.State, "worried", v.Worried, "feared", v.Feared, "owner", v.Owner, "case_number", v.CaseNumber)
	for i, k := range v.Children {
		at := fmt.Sprintf("children[%d].", i)
		f.Set(at+"name", k.Name)
		f.Set(at+"birth_date", k.BirthDate)
		for n, code := range k.Nationalities {
			f.Set(fmt.Sprintf("%snationality%d", at, n+1), code)
		}
	}
	for i, code := range v.ToStates {
		f.Set("to_state"+strconv.Itoa(i+1), code)
	}
	return f
}

func (s *Server) factorsFrom(f *Form) partners.NewFactors {
	var in partners.NewFactors
	for _, e := range s.Partners.Protection().Factors {
		if present := f.Get("factor." + e.ID); present != "" {
			in.Factors = append(in.Factors, partners.NewFactor{Factor: e.ID, Present: present, Note: f.Get("note." + e.ID)})
		}
	}
	return in
}

func measureFrom(f *Form) partners.NewMeasure {
	return partners.NewMeasure{
		Kind: f.Get("kind"), Country: f.Get("country"), InstitutionID: f.Get("institution_id"), RequestedOn: f.Get("requested_on"),
		RequestedBy: f.Get("requested_by"), ConfirmedOn: f.Get("confirmed_on"), RefusedOn: f.Get("refused_on"), ExpiresOn: f.Get("expires_on"),
		Reference: f.Get("reference"), Note: f.Get("note"),
	}
}

func permissionFrom(f *Form) partners.NewPermission {
	return partners.NewPermission{GivenBy: f.Get("given_by"), ToState: f.Get("to_state"), From: f.Get("from"), Until: f.Get("until"), Certified: f.On("certified")}
}

func permissionEndFrom(f *Form) partners.PermissionEnd {
	return partners.PermissionEnd{RevokedOn: f.Get("revoked_on"), BackOn: f.Get("back_on")}
}

func journeyFrom(f *Form) partners.NewJourney {
	return partners.NewJourney{On: f.Get("on"), ToState: f.Get("to_state"), Note: f.Get("note"), AlarmDays: f.Number("alarm_days")}
}

func journeyStepFrom(f *Form) partners.JourneyStep {
	return partners.JourneyStep{Seen: f.On("seen"), Outcome: f.Get("outcome")}
}

func tellingFrom(f *Form) partners.NewTelling {
	return partners.NewTelling{At: f.When("at"), Who: f.Get("who"), What: f.Get("what")}
}

// PartForm is the form of one part of the page, empty unless it was refused.
func (d preventionData) PartForm(part string, p *Page) *Form { return d.Refused.of(part, p) }

// MeasureForm is the form of one measure: as it was refused, or as it stands.
func (d preventionData) MeasureForm(m partners.MeasureView, p *Page) *Form {
	return d.Refused.of(m.ID, p, "kind", m.Kind, "country", m.Country, "institution_id", m.InstitutionID, "requested_on", m.RequestedOn,
		"requested_by", m.RequestedBy, "confirmed_on", m.ConfirmedOn, "refused_on", m.RefusedOn, "expires_on", m.ExpiresOn,
		"reference", m.Reference, "note", m.Note)
}

// FactorForm is the form of all signs of risk, as they were answered last.
func (d preventionData) FactorForm(p *Page) *Form {
	if d.Refused.Part == "factors" {
		return d.Refused.Form
	}
	f := p.s.newForm()
	for _, v := range d.View.Factors {
		if v.Current {
			f.Set("factor."+v.Factor, v.Present)
		}
	}
	return f
}

// Factor is the answer for a sign that stands, nil for none.
func (d preventionData) Factor(id string) *partners.FactorView {
	for i := range d.View.Factors {
		if v := &d.View.Factors[i]; v.Factor == id && v.Current {
			return v
		}
	}
	return nil
}

// FactorCount counts the signs that are there.
func (d preventionData) FactorCount() int {
	n := 0
	for _, v := range d.View.Factors {
		if v.Current && v.Present == "yes" {
			n++
		}
	}
	return n
}

// Alarms are the journeys whose alarm nobody has seen.
func (d preventionData) Alarms() []partners.JourneyView {
	var out []partners.JourneyView
	for _, j := range d.View.Journeys {
		if j.State == "alarmed" {
			out = append(out, j)
		}
	}
	return out
}

// ChildRows and StateRows are the rows of the forms.
func (p *Page) ChildRows() []int { return []int{0, 1, 2} }

// StateRows are the rows of countries of a form.
func (p *Page) StateRows() []int { return []int{1, 2, 3} }

// PreventionStates are the states of a prevention record.
func (p *Page) PreventionStates() []string { return partners.PreventionStates() }

// FactorAnswers are what can be said of a sign of risk.
func (p *Page) FactorAnswers() []string { return partners.FactorAnswers() }

// JourneyOutcomes are the ways in which a feared journey ends.
func (p *Page) JourneyOutcomes() []string { return partners.JourneyOutcomes() }
