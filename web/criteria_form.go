package web

import (
	"strconv"
	"strings"

	"homeward/alerts"
	"homeward/geo/script"
)

// criteriaAnswers are what may be said of a criterion.
func criteriaAnswers() []string { return []string{"yes", "no", "unknown"} }

// checklist reads the answers that were given; one without a list takes what
// there was away.
func (f *Form) checklist() *alerts.NewChecklist {
	in := &alerts.NewChecklist{List: f.Get("criteria.list"), Answers: map[string]alerts.NewAnswer{}}
	const before, after = "criteria.answers.", ".answer"
	for name := range f.Values {
		key, ok := strings.CutPrefix(name, before)
		if key, ok = cutSuffix(key, after, ok); !ok || f.Get(name) == "" {
			continue
		}
		if f.Get("criteria.shown") == in.List { // the answers belong to the list that was on the page
			in.Answers[key] = alerts.NewAnswer{Answer: f.Get(name), Note: f.Get(before + key + ".note")}
		}
	}
	return in
}

func cutSuffix(s, suffix string, ok bool) (string, bool) {
	if !ok {
		return s, false
	}
	return strings.CutSuffix(s, suffix)
}

// setChecklist fills the fields of a checklist.
func (f *Form) setChecklist(c *alerts.Checklist) {
	if c == nil {
		return
	}
	f.Set("criteria.list", c.List)
	for _, a := range c.Answers {
		f.Set("criteria.answers."+a.Key+".answer", a.Answer)
		f.Set("criteria.answers."+a.Key+".note", a.Note)
	}
}

// CriteriaLists are the lists in force as choices.
func (p *Page) CriteriaLists() []Choice {
	var out []Choice
	for _, l := range alerts.CriteriaOn(p.s.criteria, p.Now) {
		out = append(out, Choice{l.List, p.T("criteria.of_"+strings.ToLower(l.List)) + ": " + l.Name})
	}
	return out
}

// CriteriaNow is the list in force by its code, nil for none.
func (p *Page) CriteriaNow(list string) *alerts.CriteriaList {
	for _, l := range alerts.CriteriaOn(p.s.criteria, p.Now) {
		if l.List == list {
			return &l
		}
	}
	return nil
}

// criterionLine is a criterion with the answer to it.
type criterionLine struct {
	alerts.Criterion
	Text, Answer, Note string
}

// Checked lists a checklist with the words of the version that was gone through.
func (p *Page) Checked(c *alerts.Checklist) []criterionLine {
	if c == nil {
		return nil
	}
	var out []criterionLine
	for _, l := range p.s.criteria {
		if l.List != c.List || l.Version != c.Version {
			continue
		}
		for _, one := range l.Criteria {
			line := criterionLine{Criterion: one, Text: p.Criterion(one)}
			for _, a := range c.Answers {
				if a.Key == one.Key {
					line.Answer, line.Note = a.Answer, a.Note
				}
			}
			out = append(out, line)
		}
	}
	return out
}

// Criterion words a criterion in the reader's language.
func (p *Page) Criterion(c alerts.Criterion) string {
	switch p.Lang {
	case SerbianCyrillic:
		return c.Serbian
	case SerbianLatin:
		return script.ToLatin(c.Serbian)
	}
	return c.English
}

// Answers are the answers that a criterion takes, as choices.
func (p *Page) Answers() []Choice { return p.Words("criterion", criteriaAnswers()) }

// oldPhoto is how many months make a photo one to think about: children change.
const oldPhoto = 24

// TakenAgo says how old a photo is, or that nobody knows.
func (p *Page) TakenAgo(taken string) string {
	months, ok := p.photoMonths(taken)
	switch {
	case !ok:
		return p.T("photo.age_unknown")
	case months < 1:
		return p.T("photo.age_new", "When", p.taken(taken))
	case months < oldPhoto:
		return p.N("photo.age_months", months, "When", p.taken(taken))
	}
	return p.N("photo.age_years", months/12, "When", p.taken(taken))
}

// PhotoOld tells whether a photo may not look like the child any more.
func (p *Page) PhotoOld(taken string) bool {
	months, ok := p.photoMonths(taken)
	return !ok || months >= oldPhoto
}

func (p *Page) photoMonths(taken string) (int, bool) {
	parts := strings.Split(taken, "-")
	year, err := strconv.Atoi(parts[0])
	if err != nil {
		return 0, false
	}
	month := 7 // the middle of a year of which nobody knows more
	if len(parts) > 1 {
		if month, err = strconv.Atoi(parts[1]); err != nil {
			return 0, false
		}
	}
	now := p.Now.In(p.Zone)
	return max(0, (now.Year()-year)*12+int(now.Month())-month), true
}

// WarnedAt says where in an alert a warning points to: which text in which
// language, or which part of the description.
func (p *Page) WarnedAt(field string) string {
	if rest, ok := strings.CutPrefix(field, "texts."); ok {
		lang, part, _ := strings.Cut(rest, ".")
		return p.FieldName(part) + " · " + p.Word("language", lang)
	}
	return p.T("preview.in_description") + " · " + p.FieldName(field[strings.LastIndexByte(field, '.')+1:])
}
