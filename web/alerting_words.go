package web

import (
	"slices"
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
	case i.ConferenceID != "":
		return conferencePath(i.ConferenceID)
	case i.ReferralID != "":
		return referralPath(i.ReferralID)
	case i.PreventionID != "":
		return preventionPath(i.PreventionID)
	case i.N > 0 && slices.Contains([]partners.DeadlineKind{partners.DeadlineContact, partners.DeadlineStep, partners.DeadlineRemedy}, i.Kind):
		base := "/desk/cases/" + i.CaseID + "/inquiries"
		if i.MatterID != "" {
			base = matterPath(i.MatterID) + "/contacts"
		}
		return base + "#contact-" + strconv.Itoa(i.N)
	case i.Kind == partners.DeadlineProcedure:
		return matterPath(i.MatterID) + "/procedure#step-" + i.Step + "-" + strconv.Itoa(i.N)
	case i.Kind == partners.DeadlineCaseStep, i.Kind == partners.DeadlineTask:
		return "/desk/cases/" + i.CaseID + "/work"
	case i.MatterID != "":
		return matterPath(i.MatterID)
	}
	return "/desk/cases/" + i.CaseID
}

// Satisfieds are how far an answer may have been what was asked for.
func (p *Page) Satisfieds() []string { return []string{"yes", "partly", "no"} }

// Directions are who spoke to whom.
func (p *Page) Directions() []string { return []string{"out", "in"} }

// DraftChoice is the filter for alerts with a draft.
func (p *Page) DraftChoice() []Choice { return []Choice{{"true", p.T("alert.filter_drafts")}} }

// Nth counts from 1 what a list counts from 0.
func (p *Page) Nth(i int) int { return i + 1 }

// RoleOfInstitution names what an institution is there for: a legal route, or a
// role of its own.
func (p *Page) RoleOfInstitution(role string) string {
	return p.TOr("legal_route."+role, p.TOr("institution_role."+role, role))
}

// RolesOfInstitutions are such roles as choices.
func (p *Page) RolesOfInstitutions(all []string) []Choice {
	var out []Choice
	for _, r := range all {
		out = append(out, Choice{r, p.RoleOfInstitution(r)})
	}
	return out
}
