package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type contactData struct {
	Contact alerts.ContactView
	Form    *Form
	Words   *Form
	// Check opens the view by code, Uncheck closes it, Decide decides an objection.
	Check, Uncheck *Form
	Decide         partForm
	// Parties are those of its case, for whoever holds the code.
	Parties []Choice
	// Alike are cases that may be about the same child, nil for none; Apart is the
	// form of a judgement about one that was refused.
	Alike *alikeData
	Apart *Form
	// Stale says that somebody changed the contact meanwhile.
	Stale bool
}

func (s *Server) contactPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showContact(c, a, contactData{})
}

func (s *Server) showContact(c *fiber.Ctx, a alerts.Actor, d contactData) error {
	v, err := s.Alerts.Contact(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	d.Contact = v
	if d.Words == nil {
		d.Words = s.newForm()
	}
	if d.Check == nil {
		d.Check = s.newForm("party", v.Party)
	}
	if d.Uncheck == nil {
		d.Uncheck = s.newForm()
	}
	if d.Form == nil {
		d.Form = s.newForm()
		d.Form.setContact(&v)
		if cs, err := s.Alerts.VisibleCase(a, v.CaseID); err == nil {
			d.Form.Set("case_number", cs.CaseNumber)
		} else if number := c.Query("case"); number != "" && v.CaseID == "" {
			d.Form.Set("case_number", number)
		}
	}
	if cs, err := s.Alerts.VisibleCase(a, v.CaseID); err == nil {
		d.Parties = s.page(c, "contact", nil).PartyChoices(s.Alerts.ViewCase(a, cs))
	}
	if d.Alike, err = s.alikeToContact(c, a, v.ID, d.Apart); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "contact", d)
}

// contactChanged notes what was learned or done since.
func (s *Server) contactChanged(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(f.Get("version"))
	in := s.contactPatch(a, f)
	if len(f.Errors) == 0 {
		_, err = s.Alerts.PatchContact(c.UserContext(), a, c.Params("id"), version, in, s.request(c, a, c.Body()))
		switch {
		case err == nil:
			return c.Redirect("/desk/contacts/"+c.Params("id"), fiber.StatusSeeOther)
		case alerts.CodeOf(err) == alerts.Stale:
			c.Status(fiber.StatusPreconditionFailed)
			return s.showContact(c, a, contactData{Form: f, Stale: true})
		case !f.Refused(err):
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showContact(c, a, contactData{Form: f})
}

func (s *Server) contactPatch(a alerts.Actor, f *Form) alerts.ContactPatch {
	if act := f.Get("act"); act == "kept" || act == "unkept" {
		kept := act == "kept"
		return alerts.ContactPatch{Kept: &kept}
	}
	return alerts.ContactPatch{
		CaseID: alerts.Some(s.numbered(a, f)), Party: f.sentPointer("party"), Asked: f.pointer("asked"), Kind: f.sentPointer("kind"), Relation: f.sentPointer("relation"),
		Language: f.sentPointer("language"), Interpreter: f.sentPointer("interpreter"), MayBeTold: f.sentPointer("may_be_told"),
		Explained: f.sentPointer("explained"), ExplainedIn: f.sentPointer("explained_in"), Promised: f.pointer("promised"),
		PromisedUntil: alerts.Some(f.When("promised_until")),
		Police: &alerts.PolicePatch{
			ReportedAt: alerts.Some(f.When("police.reported_at")), Unit: f.pointer("police.unit"), Reference: f.pointer("police.reference"),
			Person: f.sentPointer("police.person"), WhyNot: f.sentPointer("police.why_not"),
		},
	}
}

func (s *Server) contactMessaged(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Alerts.MessageReporter(c.UserContext(), a, c.Params("id"), alerts.NewMessage{Text: f.Get("text")}, s.request(c, a, c.Body()))
	if err == nil {
		return c.Redirect("/desk/contacts/"+c.Params("id")+"#messages", fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showContact(c, a, contactData{Words: f})
}
