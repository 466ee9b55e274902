package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/alerts"
)

// RiskFactors are the factors that the form offers, as words of the catalogue.
func (p *Page) RiskFactors() []Choice {
	return p.Words("factor", []string{
		"young", "disability", "medicine", "crime", "suicide", "weather", "out_of_character", "violence", "online",
		"trafficking", "earlier", "dangerous_adult", "alone_abroad", "pregnancy", "substances",
	})
}

// Accuracies are how exact a place is, from exact to vague, in metres.
func (p *Page) Accuracies(f *Form, name string) []Choice {
	return p.steps(f.Get(name), "desk.accuracy_", func(n int) string { return "± " + p.Distance(float64(n)) }, "0", "50", "200", "1000", "5000", "20000")
}

// Precisions are how exact a time is, in minutes.
func (p *Page) Precisions(f *Form, name string) []Choice {
	return p.steps(f.Get(name), "desk.precision_", p.Span, "0", "10", "30", "60", "240", "1440")
}

// steps keeps a value that is none of the usual ones.
func (p *Page) steps(now, prefix string, write func(int) string, values ...string) []Choice {
	if now != "" && !slices.Contains(values, now) {
		values = append(values, now)
	}
	var out []Choice
	for _, v := range values {
		n, err := strconv.ParseFloat(v, 64)
		label := v
		if err == nil {
			label = write(int(n))
		}
		out = append(out, Choice{v, p.TOr(prefix+v, label)})
	}
	return out
}

// caseForm fills a form with a case as it stands.
func (s *Server) caseForm(v *alerts.CaseView) *Form {
	f := s.newForm("category", string(v.Category), "circumstances", v.Circumstances)
	f.setFamily(v.Family)
	f.setCount("children", max(len(v.Children), 1))
	for i, child := range v.Children {
		f.setChild(childPath(i), &child)
	}
	if l := v.LastSeen; l != nil {
		f.SetWhen("last_seen.at", l.At)
		f.SetPoint("last_seen.place", l.Place)
		f.Set("last_seen.precision_min", strconv.Itoa(l.PrecisionMin))
		f.Set("last_seen.accuracy_m", strconv.FormatFloat(l.AccuracyM, 'f', -1, 64))
		f.Set("last_seen.label", l.Label)
	}
	if p := v.Police; p != nil {
		f.SetWhen("police.reported_at", p.ReportedAt)
		f.Set("police.unit", p.Unit)
		f.Set("police.reference", p.Reference)
		f.Set("police.person", p.Person)
		f.Set("police.why_not", p.WhyNot)
	}
	if u := v.FollowUp; u != nil {
		f.SetWhen("follow_up.due_at", u.DueAt)
		f.Set("follow_up.owner", u.Owner)
		f.Set("follow_up.note", u.Note)
	}
	return f
}

func (f *Form) setChild(at string, child *alerts.ChildView) {
	f.Set(at+".id", child.ID)
	f.Set(at+".sex", child.Sex)
	f.Set(at+".birth_date", child.BirthDate)
	f.Set(at+".home", child.Home)
	f.Set(at+".needs", child.Needs)
	for k, n := range child.Names {
		name := fmt.Sprintf("%s.names[%d]", at, k)
		f.Set(name+".given", n.Given)
		f.Set(name+".family", n.Family)
		f.Set(name+".kind", n.Kind)
	}
	f.setCount(at+".names", len(child.Names)+1)
	if d := child.Description; d != nil {
		if d.HeightCM > 0 {
			f.Set(at+".description.height_cm", strconv.Itoa(d.HeightCM))
		}
		for field, v := range map[string]string{"build": d.Build, "hair": d.Hair, "eyes": d.Eyes, "marks": d.Marks, "clothing": d.Clothing, "other": d.Other} {
			f.Set(at+".description."+field, v)
		}
	}
}

// reportForm fills the form of a new case with what a member of the public
// wrote; staff correct it while they talk to them.
func (s *Server) reportForm(v *alerts.ContactView) *Form {
	f := s.newForm("contact", v.ID, "category", string(alerts.CategoryUnknown))
	if r := v.Report; r != nil {
		at := childPath(0)
		given, family, _ := strings.Cut(strings.TrimSpace(r.ChildName), " ")
		f.Set(at+".names[0].given", given)
		f.Set(at+".names[0].family", family)
		f.Set(at+".names[0].kind", "used")
		f.Set(at+".description.other", r.Description)
		f.Set("circumstances", r.Circumstances)
		f.Set("last_seen.label", r.LastSeenWhere)
		f.Set("last_seen.place.query", r.LastSeenWhere)
		f.SetWhen("last_seen.at", r.LastSeenAt)
	}
	if v.Police != nil {
		f.SetWhen("police.reported_at", v.Police.ReportedAt)
	}
	return f
}

// tomorrow is when a first call back is suggested: a day ahead, on the hour.
func (s *Server) tomorrow() time.Time {
	return s.Now().In(s.zone()).Add(24 * time.Hour).Truncate(time.Hour)
}
