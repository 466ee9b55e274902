package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/alerts"
)

// The fields of a child and of a name on forms, by their paths below it.
func childFields() []string {
	return []string{
		"id", "remove", "sex", "birth_date", "description.height_cm", "description.build", "description.hair", "description.eyes",
		"description.marks", "description.clothing", "description.other", "home", "needs",
	}
}

func nameFields() []string { return []string{"given", "family", "kind"} }

// The most children and names that one form takes.
const (
	formChildren = 40
	formNames    = 40
)

// childBlock is one child on a form: the beginning of its fields' names.
type childBlock struct {
	Path, ID string
	Number   int
	// Names are the beginnings of the names' fields; the last is for a new one.
	Names []string
}

// ChildBlocks are the children on the form, at least one.
func (f *Form) ChildBlocks() []childBlock {
	var out []childBlock
	for i := range f.count("children", formChildren) {
		b := childBlock{Path: childPath(i), Number: i + 1}
		b.ID = f.Get(b.Path + ".id")
		for k := range f.count(b.Path+".names", formNames) {
			b.Names = append(b.Names, fmt.Sprintf("%s.names[%d]", b.Path, k))
		}
		out = append(out, b)
	}
	return out
}

func childPath(i int) string { return "children[" + strconv.Itoa(i) + "]" }

// count reads how many of something the form shows.
func (f *Form) count(what string, most int) int {
	n, err := strconv.Atoi(f.Get(what + ".count"))
	if err != nil {
		return 1
	}
	return min(max(n, 1), most)
}

func (f *Form) setCount(what string, n int) { f.Set(what+".count", strconv.Itoa(n)) }

// WrongAt is what is wrong with exactly this field, nil for nothing: a group's
// own fault, apart from those of its fields.
func (f *Form) WrongAt(name string) *alerts.FieldError {
	for i, e := range f.Errors {
		if e.Field == name {
			return &f.Errors[i]
		}
	}
	return nil
}

// tidyChildren moves what was filled in together, so that positions on the form
// are those of the command, and faults find their fields.
func (f *Form) tidyChildren() {
	var kept []url.Values
	for _, b := range f.ChildBlocks() {
		child, filled := url.Values{}, false
		for _, field := range childFields() {
			v := f.Get(b.Path + "." + field)
			child.Set(field, v)
			filled = filled || v != "" && field != "sex"
		}
		n := 0
		for _, name := range b.Names {
			if f.Get(name+".given") == "" && f.Get(name+".family") == "" {
				continue
			}
			for _, field := range nameFields() {
				child.Set(fmt.Sprintf("names[%d].%s", n, field), f.Get(name+"."+field))
			}
			n++
			filled = true
		}
		child.Set("names.count", strconv.Itoa(n+1))
		if filled {
			kept = append(kept, child)
		}
	}
	for k := range f.Values {
		if strings.HasPrefix(k, "children[") {
			delete(f.Values, k)
		}
	}
	for i, child := range kept {
		for field := range child {
			f.Set(childPath(i)+"."+field, child.Get(field))
		}
	}
	f.setCount("children", max(len(kept), 1))
}

// children reads the children of a new case. An empty form has none.
func (f *Form) newChildren() []alerts.NewChild {
	var out []alerts.NewChild
	for _, b := range f.ChildBlocks() {
		child := alerts.NewChild{
			Names: f.names(b), Sex: f.Get(b.Path + ".sex"), BirthDate: f.Get(b.Path + ".birth_date"),
			Description: f.description(b.Path + ".description."), Home: f.Get(b.Path + ".home"), Needs: f.Get(b.Path + ".needs"),
		}
		if len(b.Names) > 1 || child.BirthDate != "" || child.Sex != "" || child.Description != (alerts.Description{}) || child.Home+child.Needs != "" {
			out = append(out, child)
		}
	}
	return out
}

// names reads the names of a child; the empty place for a new one is left out.
func (f *Form) names(b childBlock) []alerts.Name {
	var out []alerts.Name
	for _, at := range b.Names {
		n := alerts.Name{Given: f.Get(at + ".given"), Family: f.Get(at + ".family"), Kind: f.Get(at + ".kind")}
		if n.Given == "" && n.Family == "" {
			continue
		}
		if n.Kind == "" {
			n.Kind = "used"
		}
		n.Script = scriptOf(n.Given + n.Family)
		out = append(out, n)
	}
	return out
}

func (f *Form) description(at string) alerts.Description {
	return alerts.Description{
		HeightCM: f.Number(at + "height_cm"), Build: f.Get(at + "build"), Hair: f.Get(at + "hair"), Eyes: f.Get(at + "eyes"),
		Marks: f.Get(at + "marks"), Clothing: f.Get(at + "clothing"), Other: f.Get(at + "other"),
	}
}

// newCaseFrom reads a new case from its form, whose children are tidy.
func newCaseFrom(f *Form) alerts.NewCase {
	in := alerts.NewCase{
		Category: alerts.Category(f.Get("category")), Children: f.newChildren(),
		LastSeen: alerts.NewLastSeen{
			At: f.When("last_seen.at"), PrecisionMin: f.Number("last_seen.precision_min"), Place: f.Point("last_seen.place"),
			AccuracyM: f.Decimal("last_seen.accuracy_m"), Label: f.Get("last_seen.label"),
		},
		Circumstances: f.Get("circumstances"),
		Police:        alerts.NewPolice{ReportedAt: f.When("police.reported_at"), Unit: f.Get("police.unit"), Reference: f.Get("police.reference")},
		Risk:          f.risk(), Restricted: f.On("restricted"), Draft: f.Get("act") == "draft",
	}
	if in.LastSeen.Label == "" {
		in.LastSeen.Label = f.Get("last_seen.place.query")
	}
	due := alerts.NewFollowUp{Owner: f.Get("follow_up.owner"), DueAt: f.When("follow_up.due_at"), Note: f.Get("follow_up.note")}
	if due != (alerts.NewFollowUp{}) {
		in.FollowUp = &due
	}
	return in
}

// risk reads an assessment; nil when none was made.
func (f *Form) risk() *alerts.NewRisk {
	in := alerts.NewRisk{Grade: f.Get("risk.grade"), Factors: f.All("risk.factors"), Note: f.Get("risk.note")}
	if in.Grade == "" && len(in.Factors) == 0 && in.Note == "" {
		return nil
	}
	return &in
}

// RiskFactors are the factors that the form offers, as words of the catalogue.
func (p *Page) RiskFactors() []Choice {
	return p.Words("factor", []string{
		"young", "disability", "medicine", "crime", "suicide", "weather", "out_of_character", "violence", "online",
		"trafficking", "earlier", "dangerous_adult", "alone_abroad", "pregnancy", "substances",
	})
}

// Accuracies and Precisions are how exact a place and a time are, from exact to
// vague, in metres and minutes.
func (p *Page) Accuracies(f *Form, name string) []Choice {
	return p.steps(f.Get(name), "desk.accuracy_", "0", "50", "200", "1000", "5000", "20000")
}

// Precisions are how exact a time is, in minutes.
func (p *Page) Precisions(f *Form, name string) []Choice {
	return p.steps(f.Get(name), "desk.precision_", "0", "10", "30", "60", "240", "1440")
}

// steps keeps a value that is none of the usual ones.
func (p *Page) steps(now, prefix string, values ...string) []Choice {
	if now != "" && !slices.Contains(values, now) {
		values = append(values, now)
	}
	var out []Choice
	for _, v := range values {
		out = append(out, Choice{v, p.TOr(prefix+v, v)})
	}
	return out
}

// caseForm fills a form with a case as it stands.
func (s *Server) caseForm(v *alerts.CaseView) *Form {
	f := s.newForm("category", string(v.Category), "circumstances", v.Circumstances)
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
