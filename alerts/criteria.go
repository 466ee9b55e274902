package alerts

import (
	_ "embed" // criteria.csv and criteria_lists.csv
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed criteria.csv
var criteriaCSV string

//go:embed criteria_lists.csv
var criteriaListsCSV string

// CriteriaList is what one state or recommendation asks before a child alert
// goes out, in one version. Who decides is DecidedBy; the list never does.
type CriteriaList struct {
	// List is an ISO 3166-1 code, or EU.
	List    string `json:"list"`
	Version string `json:"version"`
	// ValidFrom and ValidTo are days YYYY-MM-DD, both included; an open end is
	// empty.
	ValidFrom string      `json:"valid_from"`
	ValidTo   string      `json:"valid_to,omitempty"`
	Name      string      `json:"name"`
	DecidedBy string      `json:"decided_by"` // police or prosecutor
	Source    string      `json:"source"`
	Verified  bool        `json:"verified"`
	Criteria  []Criterion `json:"criteria"`
}

// Criterion is one line of a list. Kind is required (all of these), ground (one
// of these may be enough), advised, or against (a reason not to).
type Criterion struct {
	Key      string `json:"key"`
	Kind     string `json:"kind"`
	English  string `json:"en"`
	Serbian  string `json:"sr"` // in Cyrillic; Latin is made from it
	Source   string `json:"source"`
	Verified bool   `json:"verified"`
}

// Checklist is a list of criteria as somebody went through it for one revision.
// It is for the desk and the authority, and leaves neither.
type Checklist struct {
	List    string   `bson:"list" json:"list"`
	Version string   `bson:"version" json:"version"`
	Answers []Answer `bson:"answers" json:"answers"`
}

// Answer says how one criterion stands: yes, no or unknown.
type Answer struct {
	Key    string `bson:"key" json:"key"`
	Answer string `bson:"answer" json:"answer"`
	Note   string `bson:"note,omitempty" json:"note,omitempty"`
}

// LoadCriteria reads and checks the embedded lists, in their order.
func LoadCriteria() ([]CriteriaList, error) {
	lists, err := csv.NewReader(strings.NewReader(criteriaListsCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read criteria_lists.csv: %w", err)
	}
	rows, err := csv.NewReader(strings.NewReader(criteriaCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read criteria.csv: %w", err)
	}
	var out []CriteriaList
	for _, r := range lists[1:] {
		l := CriteriaList{List: r[0], Version: r[1], ValidFrom: r[2], ValidTo: r[3], Name: r[4], DecidedBy: r[5], Source: r[6]}
		if l.Verified, err = strconv.ParseBool(r[7]); err != nil {
			return nil, fmt.Errorf("read criteria_lists.csv: %s: %w", l.List, err)
		}
		out = append(out, l)
	}
	for _, r := range rows[1:] {
		i := slices.IndexFunc(out, func(l CriteriaList) bool { return l.List == r[0] && l.Version == r[1] })
		if i < 0 {
			return nil, fmt.Errorf("read criteria.csv: there is no list %s %s", r[0], r[1])
		}
		c := Criterion{Key: r[2], Kind: r[3], English: r[4], Serbian: r[5], Source: r[6]}
		if c.Verified, err = strconv.ParseBool(r[7]); err != nil {
			return nil, fmt.Errorf("read criteria.csv: %s: %w", c.Key, err)
		}
		out[i].Criteria = append(out[i].Criteria, c)
	}
	for i := range out {
		if err := out[i].check(); err != nil {
			return nil, fmt.Errorf("criteria of %s %s: %w", out[i].List, out[i].Version, err)
		}
	}
	return out, nil
}

func (l *CriteriaList) check() error {
	for _, day := range []string{l.ValidFrom, l.ValidTo} {
		if _, err := time.Parse(time.DateOnly, day); err != nil && (day != "" || day == l.ValidFrom) {
			return fmt.Errorf("a day: %w", err)
		}
	}
	if l.Source == "" || l.Name == "" || !slices.Contains([]string{"police", "prosecutor"}, l.DecidedBy) || len(l.Criteria) == 0 {
		return fmt.Errorf("its name, who decides, its source or its lines are missing")
	}
	seen := map[string]bool{}
	for _, c := range l.Criteria {
		if seen[c.Key] || c.Key == "" || c.English == "" || c.Serbian == "" || c.Source == "" ||
			!slices.Contains([]string{"required", "ground", "advised", "against"}, c.Kind) {
			return fmt.Errorf("the line %q", c.Key)
		}
		seen[c.Key] = true
	}
	return nil
}

// CriteriaOn returns the lists that are in force at an instant.
func CriteriaOn(all []CriteriaList, now time.Time) []CriteriaList {
	day := now.Format(time.DateOnly)
	var out []CriteriaList
	for _, l := range all {
		if l.ValidFrom <= day && (l.ValidTo == "" || day <= l.ValidTo) {
			out = append(out, l)
		}
	}
	return out
}

// NewChecklist is a checklist as it is sent. The version in force is taken when
// none is named.
type NewChecklist struct {
	List    string               `json:"list"`
	Version string               `json:"version,omitempty"`
	Answers map[string]NewAnswer `json:"answers"`
}

// NewAnswer is an answer as it is sent.
type NewAnswer struct {
	Answer string `json:"answer"`
	Note   string `json:"note,omitempty"`
}

const maxCriterionNote = 500

// checklist makes the record of what was sent, nil for nothing, and names what
// is wrong with it.
func (in *NewChecklist) checklist(f *Fields, now time.Time) *Checklist {
	if in == nil || in.List == "" {
		return nil
	}
	all, err := LoadCriteria()
	if err != nil {
		f.Add("criteria", "unknown_value", "The lists of criteria cannot be read.")
		return nil
	}
	if in.Version == "" {
		all = CriteriaOn(all, now)
	}
	i := slices.IndexFunc(all, func(l CriteriaList) bool {
		return l.List == in.List && (in.Version == "" || l.Version == in.Version)
	})
	if i < 0 {
		f.Add("criteria.list", "unknown_value", "There is no such list of criteria, or not in this version.")
		return nil
	}
	out := &Checklist{List: all[i].List, Version: all[i].Version}
	for _, c := range all[i].Criteria {
		a, ok := in.Answers[c.Key]
		if !ok {
			continue
		}
		at := "criteria.answers." + c.Key
		if !slices.Contains([]string{"yes", "no", "unknown"}, a.Answer) {
			f.Add(at+".answer", "unknown_value", "The answer is yes, no or unknown.")
		}
		note := tidyText(a.Note)
		textField(f, at+".note", note, maxCriterionNote)
		out.Answers = append(out.Answers, Answer{c.Key, a.Answer, note})
	}
	for key := range in.Answers {
		if !slices.ContainsFunc(all[i].Criteria, func(c Criterion) bool { return c.Key == key }) {
			f.Add("criteria.answers."+key, "unknown_value", "This list has no such criterion.")
		}
	}
	return out
}
