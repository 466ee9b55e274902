package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

func caseVersion(v alerts.CaseView) int { return v.Version }

func caseAddress(id string) string { return apiPrefix + "/cases/" + id }

func (s *Server) openCase(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewCase](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.OpenCase(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, caseAddress(v.ID), v.Version, v)
}

func caseQuery(q *query) alerts.CaseQuery {
	return alerts.CaseQuery{
		States: named[alerts.State](q.list("state")), Category: alerts.Category(q.text("category")),
		Text: q.text("q"), Order: alerts.CaseOrder(q.text("sort")),
	}
}

// exportCases sends the list as a table, all pages of it.
func (s *Server) exportCases(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := caseQuery(q)
	if err := q.Err(); err != nil {
		return err
	}
	file, err := s.Partners.CasesCSV(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return sendFile(c, mimeCSV, "cases.csv", file)
}

func (s *Server) listCases(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := caseQuery(q)
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	page, err := s.Alerts.Cases(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return c.JSON(page)
}

func (s *Server) readCase(c *fiber.Ctx, a alerts.Actor) error {
	return read(c, a, s.Alerts.Case, caseVersion)
}

func (s *Server) patchCase(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.CasePatch](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.PatchCase(c.UserContext(), a, c.Params("id"), ifMatch(c), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) submitCase(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Alerts.SubmitCase, caseVersion)
}

func (s *Server) holdCase(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Alerts.HoldCase, caseVersion)
}

func (s *Server) resumeCase(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Alerts.ResumeCase, caseVersion)
}

// closeCase ends a case by one person: it asks for no version, so that nothing
// holds a recall up.
func (s *Server) closeCase(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.CloseCase, caseVersion)
}

func (s *Server) confirmCase(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Alerts.ConfirmClosing, caseVersion)
}

func (s *Server) reopenCase(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.ReopenCase, caseVersion)
}

func (s *Server) finishCase(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Alerts.FinishCase, caseVersion)
}

func (s *Server) addConsent(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewConsent](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.AddConsent(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, caseAddress(c.Params("id")), 0, v)
}

func (s *Server) withdrawConsent(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Alerts.WithdrawConsent(c.UserContext(), a, c.Params("id"), c.Params("consent"), s.request(c, a, nil))
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) recordDecision(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewDecision](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.RecordDecision(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, caseAddress(c.Params("id")), 0, v)
}

func (s *Server) casePhoto(c *fiber.Ctx, a alerts.Actor) error {
	jpeg, err := s.Alerts.CasePhoto(c.UserContext(), a, c.Params("id"), c.Params("photo"))
	if err != nil {
		return err
	}
	return sendPicture(c, jpeg)
}
