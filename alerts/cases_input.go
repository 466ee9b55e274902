package alerts

import (
	"fmt"
	"time"

	"homeward/geo"
)

// NewCase opens a case. Almost nothing is required: the first caller rarely
// knows much.
type NewCase struct {
	Category      Category     `json:"category"`
	Children      []NewChild   `json:"children"`
	LastSeen      NewLastSeen  `json:"last_seen,omitzero"`
	Circumstances string       `json:"circumstances,omitempty"`
	Family        FamilyView   `json:"family,omitzero"`
	Police        NewPolice    `json:"police,omitzero"`
	Risk          *NewRisk     `json:"risk,omitempty"`
	FollowUp      *NewFollowUp `json:"follow_up,omitempty"`
	// Team are account ids; Restricted opens the case to them only.
	Team       []string `json:"team,omitempty"`
	Restricted bool     `json:"restricted,omitempty"`
	// NotSame are records, such as "cases/ID", that were judged to be about
	// another child.
	NotSame []string `json:"not_same,omitempty"`
	// Draft keeps the case as a draft instead of starting to verify it.
	Draft bool `json:"draft,omitempty"`
}

// NewChild is one missing child.
type NewChild struct {
	Names []Name `json:"names,omitempty"`
	Sex   string `json:"sex,omitempty"`
	// BirthDate is YYYY-MM-DD, YYYY-MM or YYYY.
	BirthDate   string      `json:"birth_date,omitempty"`
	Description Description `json:"description,omitzero"`
	Home        string      `json:"home,omitempty"`
	Needs       string      `json:"needs,omitempty"`
}

// NewLastSeen is where and when the child was last seen. PrecisionMin is in
// minutes and AccuracyM in metres, either way.
type NewLastSeen struct {
	At           time.Time  `json:"at,omitzero"`
	PrecisionMin int        `json:"precision_min,omitempty"`
	Place        *geo.Point `json:"place,omitempty"`
	AccuracyM    float64    `json:"accuracy_m,omitempty"`
	Label        string     `json:"label,omitempty"`
}

// NewPolice is the report to the police.
type NewPolice struct {
	ReportedAt time.Time `json:"reported_at,omitzero"`
	Unit       string    `json:"unit,omitempty"`
	Person     string    `json:"person,omitempty"`
	Reference  string    `json:"reference,omitempty"`
	// WhyNot is why the police are not told.
	WhyNot string `json:"why_not,omitempty"`
}

// report is the report as it is kept; was is the one before it.
func (in *NewPolice) report(was PoliceReport, now time.Time) PoliceReport {
	out := PoliceReport{ReportedAt: in.ReportedAt, Unit: in.Unit, Person: in.Person, Reference: in.Reference, WhyNot: in.WhyNot}
	switch {
	case in.WhyNot == "":
	case in.WhyNot == was.WhyNot:
		out.WhyNotAt = was.WhyNotAt
	default:
		out.WhyNotAt = now
	}
	return out
}

// input is the report as it could be sent again.
func (p *PoliceReport) input() NewPolice {
	return NewPolice{ReportedAt: p.ReportedAt, Unit: p.Unit, Person: p.Person, Reference: p.Reference, WhyNot: p.WhyNot}
}

// NewRisk is an assessment of the risk.
type NewRisk struct {
	Grade   string   `json:"grade"`
	Factors []string `json:"factors,omitempty"`
	// Indicators are the keys of the signs of trafficking that were seen.
	// IndicatorsAsked says that the whole list was gone through, whatever was seen.
	Indicators      []string `json:"indicators,omitempty"`
	IndicatorsAsked bool     `json:"indicators_asked,omitempty"`
	Note            string   `json:"note,omitempty"`
}

// NewFollowUp promises the next contact with the family. Owner is an account
// id, the actor's when it is empty.
type NewFollowUp struct {
	Owner string    `json:"owner,omitempty"`
	DueAt time.Time `json:"due_at,omitzero"`
	Note  string    `json:"note,omitempty"`
}

// Categories returns the kinds of disappearance in the order of the forms.
func Categories() []Category {
	return []Category{CategoryRunaway, CategoryParentalAbduction, CategoryMigration, CategoryCriminalAbduction,
		CategoryLostOtherwise, CategoryHistorical, CategoryUnknown}
}

// Sexes, NameKinds and RiskGrades are the words that their fields take.
func Sexes() []string { return []string{"female", "male", "other", "unknown"} }

// NameKinds returns the kinds of a child's name.
func NameKinds() []string { return []string{"birth", "used", "nickname", "alias", "document", "heard"} }

// RiskGrades returns the grades of risk, rising.
func RiskGrades() []string { return []string{"none_apparent", "low", "medium", "high"} }

// validate tidies a new case and names every wrong field. known tells whether
// an account may be put on a team.
func (in *NewCase) validate(now time.Time, regions *geo.Regions, known func(account string) bool) Fields {
	i := &inspection{now: now, regions: regions}
	oneOf(i, "category", in.Category, Categories())
	switch n := len(in.Children); {
	case n == 0:
		i.Add("children", "required", "Name at least one child, or describe it.")
	case n > maxChildren:
		i.Add("children", "too_many", fmt.Sprintf("At most %d children.", maxChildren))
		return i.Fields
	}
	for k := range in.Children {
		in.Children[k].inspect(i, fmt.Sprintf("children[%d]", k), in.LastSeen.At)
	}
	in.LastSeen.inspect(i)
	i.text("circumstances", &in.Circumstances, maxStory)
	in.Family.inspect(i)
	in.Police.inspect(i)
	in.Risk.inspect(i)
	in.FollowUp.inspect(i, known)
	i.apart(in.NotSame)
	i.team(in.Team, known)
	return i.Fields
}

func (in *NewChild) inspect(i *inspection, at string, lastSeen time.Time) {
	i.names(at+".names", in.Names)
	if in.Sex != "" {
		oneOf(i, at+".sex", in.Sex, Sexes())
	}
	i.birth(at+".birth_date", in.BirthDate, lastSeen)
	i.description(at+".description", &in.Description)
	i.text(at+".home", &in.Home, maxLine)
	i.text(at+".needs", &in.Needs, maxNote)
	if len(in.Names) == 0 && in.Description == (Description{}) {
		i.Add(at, "required", "Give at least one name, or a description.")
	}
}

func (i *inspection) names(at string, names []Name) {
	if len(names) > maxNames {
		i.Add(at, "too_many", fmt.Sprintf("At most %d names.", maxNames))
		return
	}
	for k := range names {
		n, field := &names[k], fmt.Sprintf("%s[%d]", at, k)
		i.text(field+".given", &n.Given, maxNameText)
		i.text(field+".family", &n.Family, maxNameText)
		if n.Given == "" && n.Family == "" {
			i.Add(field, "required", "Write a given or a family name.")
		}
		oneOf(i, field+".kind", n.Kind, NameKinds())
		if n.Script != "" && !isScript(n.Script) {
			i.Add(field+".script", "unknown_script", "Write a script as four letters, such as Latn or Cyrl.")
		}
	}
}

// isScript tells whether s has the form of an ISO 15924 code.
func isScript(s string) bool {
	if len(s) != 4 || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	for _, c := range []byte(s[1:]) {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

func (i *inspection) birth(field, s string, lastSeen time.Time) {
	first := i.day(field, s)
	if !first.IsZero() && !lastSeen.IsZero() && !first.After(i.now) && first.After(lastSeen.Add(24*time.Hour)) {
		i.Add(field, "after_last_seen", "The child cannot have been born after it was last seen.")
	}
}

func (i *inspection) description(at string, d *Description) {
	if d.HeightCM != 0 {
		between(i, at+".height_cm", d.HeightCM, 20, 250)
	}
	i.text(at+".build", &d.Build, maxLine)
	i.text(at+".hair", &d.Hair, maxLine)
	i.text(at+".eyes", &d.Eyes, maxLine)
	i.text(at+".marks", &d.Marks, maxNote)
	i.text(at+".clothing", &d.Clothing, maxNote)
	i.text(at+".other", &d.Other, maxNote)
}

func (in *NewLastSeen) inspect(i *inspection) {
	i.past("last_seen.at", in.At)
	between(i, "last_seen.precision_min", in.PrecisionMin, 0, 10*366*24*60)
	i.place("last_seen.place", in.Place)
	between(i, "last_seen.accuracy_m", in.AccuracyM, 0, 5_000_000)
	i.text("last_seen.label", &in.Label, maxLine)
}

func (in *NewPolice) inspect(i *inspection) {
	i.past("police.reported_at", in.ReportedAt)
	i.text("police.unit", &in.Unit, maxLine)
	i.text("police.person", &in.Person, maxNameText)
	i.text("police.why_not", &in.WhyNot, maxLine)
	i.text("police.reference", &in.Reference, maxNameText)
}

func (in *NewRisk) inspect(i *inspection) {
	if in == nil {
		return
	}
	oneOf(i, "risk.grade", in.Grade, RiskGrades())
	if len(in.Factors) > maxNames {
		i.Add("risk.factors", "too_many", fmt.Sprintf("At most %d factors.", maxNames))
	}
	for k := range in.Factors {
		i.text(fmt.Sprintf("risk.factors[%d]", k), &in.Factors[k], maxLine)
	}
	if len(in.Indicators) > maxNames {
		i.Add("risk.indicators", "too_many", fmt.Sprintf("At most %d signs.", maxNames))
	}
	for k := range in.Indicators {
		if !isIndicator(in.Indicators[k]) {
			i.Add(fmt.Sprintf("risk.indicators[%d]", k), "unknown_value", "This sign is not on the list.")
		}
	}
	i.text("risk.note", &in.Note, maxNote)
}

// inspect lets a promise lie in the past: it may be written down late.
func (in *NewFollowUp) inspect(i *inspection, known func(string) bool) {
	if in == nil {
		return
	}
	if in.Owner != "" && !known(in.Owner) {
		i.Add("follow_up.owner", "unknown_account", "There is no such account.")
	}
	i.sane("follow_up.due_at", in.DueAt)
	i.text("follow_up.note", &in.Note, maxNote)
}

func (i *inspection) team(team []string, known func(string) bool) {
	if len(team) > maxTeam {
		i.Add("team", "too_many", fmt.Sprintf("At most %d people.", maxTeam))
		return
	}
	for k, id := range team {
		if !known(id) {
			i.Add(fmt.Sprintf("team[%d]", k), "unknown_account", "There is no such account.")
		}
	}
}
