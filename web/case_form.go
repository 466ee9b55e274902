package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

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

// goesOn tells whether the button that was pressed leaves the form to be filled in
// further: nothing is sent that positions must fit.
func (f *Form) goesOn() bool {
	return f.Get("not_this") != "" || slices.Contains([]string{"find", "add_child", "keep"}, f.Get("act"))
}

// tidyChildren moves what was filled in together, so that positions on the form
// are those of the command, and faults find their fields. A form that goes on
// keeps its empty children: somebody has just asked for them.
func (f *Form) tidyChildren() {
	var kept []url.Values
	all := f.goesOn()
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
		if filled || all {
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
		Circumstances: f.Get("circumstances"), Family: f.family(),
		Police: alerts.NewPolice{ReportedAt: f.When("police.reported_at"), Unit: f.Get("police.unit"), Person: f.Get("police.person"), Reference: f.Get("police.reference"), WhyNot: f.Get("police.why_not")},
		Risk:   f.risk(), Restricted: f.On("restricted"), Draft: f.Get("act") == "draft",
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
