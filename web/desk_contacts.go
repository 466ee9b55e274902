package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type contactsData struct {
	Form  *Form
	List  []alerts.ContactView
	Next  string
	Kinds []string
	// Waiting are the public reports of which there is no case, when the list
	// is not filtered.
	Waiting  []alerts.ContactView
	Filtered bool
}

// contactsPage lists calls, messages and visits; public reports that wait for
// somebody come first.
func (s *Server) contactsPage(c *fiber.Ctx, a alerts.Actor) error {
	d := contactsData{Form: &Form{Values: queryOf(c), zone: s.zone()}, Kinds: alerts.ContactKinds()}
	q := alerts.ContactQuery{Kind: d.Form.Get("kind"), Open: d.Form.Get("open") != "", Cursor: d.Form.Get("cursor")}
	if number := d.Form.Get("case"); number != "" {
		cs, ok := s.caseNumbered(a, number)
		if !ok {
			d.Form.Errors.Add("case", "unknown_case", "There is no such case.")
		} else {
			q.Case = cs.ID
		}
	}
	d.Filtered = q.Kind != "" || q.Open || d.Form.Get("case") != ""
	if len(d.Form.Errors) == 0 {
		if err := s.fillContacts(c, a, &d, q); err != nil && !d.Form.Refused(err) {
			return err
		}
	}
	if len(d.Form.Errors) > 0 {
		c.Status(fiber.StatusUnprocessableEntity)
	}
	return s.render(c, layoutConsole, "desk_contacts", d)
}

func (s *Server) fillContacts(c *fiber.Ctx, a alerts.Actor, d *contactsData, q alerts.ContactQuery) error {
	list, err := s.Alerts.Contacts(c.UserContext(), a, q)
	if err != nil {
		return err
	}
	d.List = list.Items
	if list.Next != nil {
		d.Next = *list.Next
	}
	if d.Filtered || q.Cursor != "" {
		return nil
	}
	waiting, err := s.Alerts.Contacts(c.UserContext(), a, alerts.ContactQuery{Open: true})
	d.Waiting = waiting.Items
	return err
}

type contactNewData struct {
	Form            *Form
	Channels, Kinds []string
}

func (s *Server) contactNewPage(c *fiber.Ctx, a alerts.Actor) error {
	f := s.newForm("channel", "phone", "case_number", c.Query("case"), "kind", c.Query("kind"))
	f.SetWhen("at", s.Now())
	return s.showContactNew(c, f)
}

func (s *Server) showContactNew(c *fiber.Ctx, f *Form) error {
	return s.render(c, layoutConsole, "contact_new", contactNewData{f, alerts.Channels(), alerts.ContactKinds()})
}

func (s *Server) contactRecorded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.NewContact{
		Channel: f.Get("channel"), At: f.When("at"), Kind: f.Get("kind"), CaseID: s.numbered(a, f), Relation: f.Get("relation"),
		Caller: &alerts.Reporter{Name: f.Get("caller.name"), Phone: f.Get("caller.phone"), Email: f.Get("caller.email")},
		Asked:  f.Get("asked"), Promised: f.Get("promised"), PromisedUntil: f.When("promised_until"),
		Police: alerts.NewPolice{ReportedAt: f.When("police.reported_at"), Unit: f.Get("police.unit"), Reference: f.Get("police.reference")},
	}
	if len(f.Errors) == 0 {
		v, err := s.Alerts.RecordContact(c.UserContext(), a, in, s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect("/desk/contacts/"+v.ID, fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showContactNew(c, f)
}

// numbered is the id of the case whose number stands on a form; empty for none.
func (s *Server) numbered(a alerts.Actor, f *Form) string {
	number := f.Get("case_number")
	if number == "" {
		return ""
	}
	cs, ok := s.caseNumbered(a, number)
	if !ok {
		f.Errors.Add("case_number", "unknown_case", "There is no such case.")
		return ""
	}
	return cs.ID
}
