package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

func searchVersion(v partners.SearchView) int { return v.Version }

func searchTaskVersion(v partners.SearchTaskView) int { return v.Version }

// searchRoutes are the search on the ground: its plan, its tasks, and what the
// leader of a team does with a code.
func (s *Server) searchRoutes() []route {
	return []route{
		api("GET", "/cases/:id/search", func(c *fiber.Ctx, a alerts.Actor) error { return read(c, a, s.Partners.SearchOf, searchVersion) }),
		api("POST", "/cases/:id/search", s.openSearch),
		api("GET", "/searches/:id", func(c *fiber.Ctx, a alerts.Actor) error { return read(c, a, s.Partners.Search, searchVersion) }),
		api("POST", "/searches/:id/tasks", s.sendTeam),
		api("POST", "/searches/:id/acts/:act", s.actOnSearch),
		api("GET", "/search-tasks/:id", func(c *fiber.Ctx, a alerts.Actor) error {
			return read(c, a, s.Partners.SearchTask, searchTaskVersion)
		}),
		api("POST", "/search-tasks/:id/:act", s.actOnSearchTask),
		api("POST", "/public/team", s.teamTask),
		api("POST", "/public/team/:act", s.actAsTeam),
	}
}

// searchPages are the pages of the search on the ground.
func (s *Server) searchPages() []route {
	return []route{
		{"GET", "/desk/cases/:id/search", s.searchPage},
		{"POST", "/desk/cases/:id/search", s.searchOpened},
		{"POST", "/desk/searches/:id/tasks", s.teamSent},
		{"POST", "/desk/searches/:id/:act", s.searchActed},
		{"GET", "/desk/search-tasks/:id", s.searchTaskPage},
		{"GET", "/desk/search-tasks/:id/sheet", s.searchSheetPage},
		{"POST", "/desk/search-tasks/:id/:act", s.searchTaskActed},
		{"GET", "/team", s.teamForm},
		{"POST", "/team", s.teamActed},
	}
}
