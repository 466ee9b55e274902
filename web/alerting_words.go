package web

import (
	"strconv"

	"homeward/partners"
)

// DaysLeft says how many days are left until a day, or how many have passed
// since.
func (p *Page) DaysLeft(days *int) string {
	switch {
	case days == nil:
		return ""
	case *days < 0:
		return p.N("deadline.days_late", -*days)
	case *days == 0:
		return p.T("deadline.today")
	}
	return p.N("deadline.days_left", *days)
}

// DeadlineHref is where a deadline is worked on.
func (p *Page) DeadlineHref(i partners.DeadlineItem) string {
	switch {
	case i.ContactID != "":
		return "/desk/contacts/" + i.ContactID
	case i.MatterID != "" && i.Kind == partners.DeadlineContact:
		return matterPath(i.MatterID) + "#contact-" + strconv.Itoa(i.N)
	case i.MatterID != "":
		return matterPath(i.MatterID)
	}
	return "/desk/cases/" + i.CaseID
}

// Satisfieds are how far an answer may have been what was asked for.
func (p *Page) Satisfieds() []string { return []string{"yes", "partly", "no"} }

// Directions are who spoke to whom.
func (p *Page) Directions() []string { return []string{"out", "in"} }
