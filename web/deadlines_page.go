package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type deadlineData struct {
	List partners.DeadlineList
	Form *Form
	// People and Institutions can be chosen; Kinds are the kinds of deadline.
	People, Institutions []Choice
	Kinds                []partners.DeadlineKind
	// By is how the items are grouped: by day, person or institution.
	By     string
	Groups []deadlineGroup
	// Filtered tells whether only some deadlines were asked for.
	Filtered bool
}

// deadlineGroup is some deadlines under one heading: a key of the catalogue, or
// a name.
type deadlineGroup struct {
	Key, Name string
	Items     []partners.DeadlineItem
}

// Overdue counts the deadlines of a group that have passed.
func (g deadlineGroup) Overdue() int {
	n := 0
	for _, i := range g.Items {
		if i.State == "overdue" {
			n++
		}
	}
	return n
}

// groupings are the ways to group deadlines.
func groupings() []string { return []string{"day", "person", "institution"} }

// deadlinesPage lists everything that is overdue or due, the soonest first.
func (s *Server) deadlinesPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	kinds := partners.DeadlineKinds()
	in := partners.DeadlineFilter{
		Person: q.text("person"), Institution: q.text("institution"), Case: q.text("case"), Kind: partners.DeadlineKind(q.one("kind", words(kinds))),
		State: q.one("state", []string{"overdue", "running"}), Until: q.day("until"),
	}
	by := q.one("by", groupings())
	if by == "" {
		by = groupings()[0]
	}
	in.Cursor, in.Limit = q.page()
	if in.Limit == 0 {
		in.Limit = deadlinesShown
	}
	if err := q.Err(); err != nil {
		return err
	}
	list, err := s.Partners.Deadlines(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	d := deadlineData{List: list, Kinds: kinds, By: by, Form: s.newForm("person", in.Person, "institution", in.Institution, "case", in.Case, "kind", string(in.Kind), "state", in.State, "until", in.Until, "by", by)}
	d.Filtered = in.Person+in.Institution+in.Case+string(in.Kind)+in.State+in.Until != ""
	d.Groups = grouped(list.Items, by)
	d.People = s.staff()
	if d.Institutions, err = s.institutionChoices(c, a, ""); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "deadlines", d)
}

// deadlinesShown is how many deadlines a page shows.
const deadlinesShown = 200

// grouped puts deadlines under headings, in the order in which they come.
func grouped(items []partners.DeadlineItem, by string) []deadlineGroup {
	var out []deadlineGroup
	at := map[string]int{}
	for _, i := range items {
		g := deadlineGroup{Key: "deadline.group_" + dayGroup(i)}
		switch {
		case by == "person":
			g = deadlineGroup{Key: "deadline.no_person", Name: i.PersonName}
		case by == "institution":
			g = deadlineGroup{Key: "deadline.no_institution", Name: i.InstitutionName}
		}
		k, ok := at[g.Key+g.Name]
		if !ok {
			k = len(out)
			at[g.Key+g.Name] = k
			out = append(out, g)
		}
		out[k].Items = append(out[k].Items, i)
	}
	return out
}

// dayGroup is when something is due: overdue, today, within a week, later, or
// nobody knows.
func dayGroup(i partners.DeadlineItem) string {
	switch {
	case i.State == "overdue":
		return "overdue"
	case i.DaysLeft == nil:
		return "unknown"
	case *i.DaysLeft <= 0:
		return "today"
	case *i.DaysLeft <= 7:
		return "week"
	}
	return "later"
}

// GroupName is what a group of deadlines is called.
func (p *Page) GroupName(g deadlineGroup) string {
	if g.Name != "" {
		return g.Name
	}
	return p.T(g.Key)
}
