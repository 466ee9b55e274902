package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type matterContactsData struct {
	matterFrame
	Book logBook
}

// showMatterContacts is the tab of a matter that holds its contact log.
func (s *Server) showMatterContacts(c *fiber.Ctx, a alerts.Actor, b logBook) error {
	frame, err := s.matterFrameOf(c, a, "contacts")
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "matter_contacts", matterContactsData{frame, b})
}

type caseInquiriesData struct {
	caseFrame
	Book logBook
}

// showCaseInquiries is the tab of a case that holds its contact log.
func (s *Server) showCaseInquiries(c *fiber.Ctx, a alerts.Actor, b logBook) error {
	frame, err := s.caseFrameOf(c, a, "inquiries")
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "case_inquiries", caseInquiriesData{frame, b})
}
