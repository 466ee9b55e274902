package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// matterFrame is what every page of an abduction matter shows: the header that
// stays and the tabs, which are addresses.
type matterFrame struct {
	View partners.MatterView
	// Tab is the section of this page.
	Tab string
}

func (s *Server) matterFrameOf(c *fiber.Ctx, a alerts.Actor, tab string) (matterFrame, error) {
	v, err := s.Partners.Matter(c.UserContext(), a, c.Params("id"))
	return matterFrame{View: v, Tab: tab}, err
}

// MatterTabs are the sections of an abduction matter that the reader may open.
func (p *Page) MatterTabs(id, here string) []RailItem {
	all := []struct{ name, path, icon string }{
		{"overview", "", "border"}, {"facts", "/facts", "folder"}, {"procedure", "/procedure", "checks"},
		{"contacts", "/contacts", "phone"}, {"papers", "/papers", "inbox"}, {"protection", "/protection", "shield"},
	}
	var out []RailItem
	for _, t := range all {
		if p.May("GET /desk/abductions/:id" + t.path) {
			out = append(out, RailItem{Path: matterPath(id) + t.path, Key: "matter.tab_" + t.name, Icon: t.icon, Here: t.name == here})
		}
	}
	return out
}
