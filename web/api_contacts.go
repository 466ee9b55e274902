package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

func contactVersion(v alerts.ContactView) int { return v.Version }

func (s *Server) recordContact(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewContact](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.RecordContact(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/contacts/"+v.ID, v.Version, v)
}

func contactQuery(q *query) alerts.ContactQuery {
	return alerts.ContactQuery{
		Case: q.text("case"), Kind: q.text("kind"), Channel: q.text("channel"), Language: q.text("language"), TakenBy: q.text("taken_by"),
		Open: q.flag("open"), Unreferred: q.flag("unreferred"), Promised: q.flag("promised"), Order: q.one("sort", alerts.ContactOrders()),
	}
}

func (s *Server) listContacts(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := contactQuery(q)
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	page, err := s.Alerts.Contacts(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return c.JSON(page)
}

func (s *Server) readContact(c *fiber.Ctx, a alerts.Actor) error {
	return read(c, a, s.Alerts.Contact, contactVersion)
}

func (s *Server) patchContact(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.ContactPatch](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.PatchContact(c.UserContext(), a, c.Params("id"), ifMatch(c), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

// caseFromReport makes a case of a public report.
func (s *Server) caseFromReport(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewCase](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.CaseFromReport(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, caseAddress(v.ID), v.Version, v)
}

// checkParent opens the view by code to whoever holds it.
func (s *Server) checkParent(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.CheckParent, contactVersion)
}

func (s *Server) uncheckParent(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.UncheckParent, contactVersion)
}

func (s *Server) decideObjection(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.Decide](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.DecideObjection(c.UserContext(), a, c.Params("id"), c.Params("objection"), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) messageReporter(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.MessageReporter, contactVersion)
}
