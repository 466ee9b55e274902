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
	Waiting          []alerts.ContactView
	Filtered         bool
	Channels, Orders []string
	Staff            []Choice
	// File is the query with which the list can be had as a file.
	File string
}

// contactsPage lists calls, messages and visits; public reports that wait for
// somebody come first.
func (s *Server) contactsPage(c *fiber.Ctx, a alerts.Actor) error {
	d := contactsData{Form: &Form{Values: queryOf(c), zone: s.zone()}, Kinds: alerts.ContactKinds(), Channels: append(alerts.Channels(), "public_form"), Orders: alerts.ContactOrders(), Staff: s.staff()}
	q := alerts.ContactQuery{
		Kind: d.Form.Get("kind"), Channel: d.Form.Get("channel"), Language: d.Form.Get("language"), TakenBy: d.Form.Get("taken_by"),
		Order: d.Form.Get("sort"), Cursor: d.Form.Get("cursor"),
	}
	if d.Form.On("open") {
		d.Form.Set("only", "open")
	}
	only := d.Form.Get("only")
	q.Open, q.Unreferred, q.Promised = only == "open", only == "unreferred", only == "promised"
	if number := d.Form.Get("case"); number != "" {
		cs, ok := s.caseNumbered(a, number)
		if !ok {
			d.Form.Errors.Add("case", "unknown_case", "There is no such case.")
		} else {
			q.Case = cs.ID
		}
	}
	d.File = contactFile(q)
	d.Filtered = q.Kind+q.Channel+q.Language+q.TakenBy+d.Form.Get("case") != "" || q.Open || q.Unreferred || q.Promised
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
	Staff           []Choice
	// Known is what may be about the same, nil for nothing.
	Known *knownData
	// Call is the call that the contact is made of, nil for none.
	Call *alerts.CallWithKnown
}

func (s *Server) contactNewPage(c *fiber.Ctx, a alerts.Actor) error {
	f := s.newForm("channel", "phone", "case_number", c.Query("case"), "kind", c.Query("kind"), "call", c.Query("call"))
	f.SetWhen("at", s.Now())
	call, err := s.contactOfCall(c, a, f, true)
	if err != nil {
		return err
	}
	if call != nil && call.ContactID != "" {
		return c.Redirect("/desk/contacts/"+call.ContactID, fiber.StatusSeeOther)
	}
	return s.showContactNew(c, f, nil)
}

func (s *Server) showContactNew(c *fiber.Ctx, f *Form, known *knownData) error {
	call, err := s.contactOfCall(c, actorFrom(c), f, false)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "contact_new", contactNewData{f, alerts.Channels(), alerts.ContactKinds(), s.staff(), known, call})
}

func (s *Server) contactRecorded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	anyway := f.decided()
	if f.Get("not_this") != "" {
		known, err := s.knownTo(c, a, f)
		if err != nil {
			return err
		}
		known.Contact = true
		return s.showContactNew(c, f, known)
	}
	if number := f.Get("link_case"); number != "" {
		f.Set("case_number", number)
	}
	in := s.contactFrom(a, f)
	if f.Get("case_number") == "" && len(f.Errors) == 0 {
		if known, err := s.heldBack(c, a, f, anyway); err != nil || known != nil {
			return s.showHeldBack(c, err, func() error {
				known.Contact = true
				return s.showContactNew(c, f, known)
			})
		}
	}
	if len(f.Errors) == 0 {
		v, err := s.recordFrom(c, a, f, in)
		if err == nil {
			return c.Redirect("/desk/contacts/"+v.ID, fiber.StatusSeeOther)
		}
		if !f.Refused(err) && alerts.CodeOf(err) != alerts.Conflict {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showContactNew(c, f, nil)
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
