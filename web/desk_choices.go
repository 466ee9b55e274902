package web

import (
	"homeward/alerts"
)

// CaseOf is a case as a line of a list, for the reader; nil when it is not
// theirs to see.
func (p *Page) CaseOf(id string) *alerts.CaseListItem {
	if id == "" {
		return nil
	}
	c, err := p.s.Alerts.VisibleCase(p.Actor, id)
	if err != nil {
		return nil
	}
	v := p.s.Alerts.ViewCaseItem(p.Actor, c)
	return &v
}

// staff are the people of the desk as choices, for teams and promises.
func (s *Server) staff() []Choice {
	var out []Choice
	for _, acc := range s.Alerts.Board.Accounts() {
		if acc.Kind == alerts.KindPerson && acc.Partner == "" && acc.DisabledAt.IsZero() && acc.Role != alerts.RoleAdministrator {
			out = append(out, Choice{acc.ID, acc.Name})
		}
	}
	return out
}

// ChildIn is the name of the child of a case with this id.
func (p *Page) ChildIn(c alerts.CaseView, id string) string {
	for _, child := range c.Children {
		if child.ID == id {
			return p.ChildName(child)
		}
	}
	return ""
}

// Headline is what an alert says first, in the reader's language or any.
func (p *Page) Headline(al alerts.AlertView) string {
	for _, lang := range append([]string{p.Lang}, languages()...) {
		if t, ok := al.Texts[lang]; ok {
			return t.Headline
		}
	}
	for _, t := range al.Texts {
		return t.Headline
	}
	return ""
}

// StateChoices are the states that the list of cases can be cut to.
func (p *Page) StateChoices() []Choice {
	return append([]Choice{{"open", p.T("cases.open")}}, p.Words("state", listedStates())...)
}

// Sum adds counts.
func (p *Page) Sum(counts ...int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

// Less is one less.
func (p *Page) Less(n int) int { return n - 1 }
