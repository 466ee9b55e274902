package web

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// searchData is the coordinator's page of a search.
type searchData struct {
	caseFrame
	// View is nil while there is no search.
	View *partners.SearchView
	// Refused is the form of the act that was refused.
	Refused partForm
}

type searchTaskData struct {
	View    partners.SearchTaskView
	Refused partForm
	// Code is shown this once, after the task was made or got a new one.
	Code string
}

func searchPath(caseID string) string { return "/desk/cases/" + caseID + "/search" }

func taskPath(id string) string { return "/desk/search-tasks/" + id }

func (s *Server) searchPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showSearch(c, a, c.Params("id"), partForm{})
}

func (s *Server) showSearch(c *fiber.Ctx, a alerts.Actor, caseID string, refused partForm) error {
	frame, err := s.caseFrameFor(c, a, caseID, "search")
	if err != nil {
		return err
	}
	d := searchData{caseFrame: frame, Refused: refused}
	v, err := s.Partners.SearchOf(c.UserContext(), a, caseID)
	if err == nil {
		d.View = &v
	} else if alerts.CodeOf(err) != alerts.NotFound {
		return err
	}
	return s.render(c, layoutConsole, "case_search", d)
}

func (s *Server) searchOpened(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	id, in := c.Params("id"), f.searchPlan()
	return s.submit(c, f, searchPath(id), func() error {
		_, err := s.Partners.OpenSearch(c.UserContext(), a, id, in, s.request(c, a, c.Body()))
		return err
	}, func(bool) error { return s.showSearch(c, a, id, partForm{f, "open"}) })
}

// searchActed carries out one act on a search; the form knows the case, so that
// a refused one finds its page.
func (s *Server) searchActed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	act := c.Params("act")
	v, err := s.Partners.Search(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	again := func(bool) error { return s.showSearch(c, a, v.CaseID, partForm{f, act}) }
	if f.Get("act") == "find" {
		s.findPlaces(c, f, "grid.place")
		return again(false)
	}
	in := f.searchAct(act, v)
	return s.submit(c, f, searchPath(v.CaseID)+"#"+searchAnchor(act), func() error {
		_, err := s.Partners.ActOnSearch(c.UserContext(), a, v.ID, act, in, s.request(c, a, c.Body()))
		return err
	}, again)
}

// searchAnchor is the part of the page that an act leads back to.
func searchAnchor(act string) string {
	switch act {
	case "undo":
		return "sweeps"
	case "point":
		return "points"
	case "grid", "drop":
		return "segments"
	case "sweep", "estimate":
		return act + "s"
	}
	return act
}

func (s *Server) teamSent(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	v, err := s.Partners.Search(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	in := partners.NewSearchTask{
		SegmentID: f.Get("segment_id"), Tactic: f.Get("tactic"), Team: f.Get("team"), Leader: f.Get("leader"), Contact: f.Get("contact"), Brief: f.Get("brief"),
		PlannedAt: f.When("planned_at"), Searchers: f.Number("searchers"), WidthM: f.Decimal("width_m"),
	}
	if len(f.Errors) == 0 {
		made, err := s.Partners.SendTeam(c.UserContext(), a, v.ID, in, s.request(c, a, c.Body()))
		if err == nil {
			// The code is in this answer only, so it is no redirect.
			return s.render(c, layoutConsole, "search_task", searchTaskData{View: made.SearchTaskView, Code: made.Code})
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showSearch(c, a, v.CaseID, partForm{f, "tasks"})
}

func (s *Server) searchTaskPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showTask(c, a, searchTaskData{}, "search_task")
}

// searchSheetPage is the sheet that a team takes along, printed.
func (s *Server) searchSheetPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showTask(c, a, searchTaskData{}, "search_sheet")
}

func (s *Server) showTask(c *fiber.Ctx, a alerts.Actor, d searchTaskData, page string) error {
	v, err := s.Partners.SearchTask(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	d.View = v
	return s.render(c, layoutConsole, page, d)
}

func (s *Server) searchTaskActed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	id, act := c.Params("id"), c.Params("act")
	in, err := s.teamAct(c, f)
	if err != nil {
		return err
	}
	if len(f.Errors) == 0 {
		made, err := s.Partners.ActOnSearchTask(c.UserContext(), a, id, act, in, s.request(c, a, c.Body()))
		switch {
		case err == nil && made.Code != "":
			return s.render(c, layoutConsole, "search_task", searchTaskData{View: made.SearchTaskView, Code: made.Code})
		case err == nil:
			return c.Redirect(taskPath(id), fiber.StatusSeeOther)
		case !f.Refused(err):
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showTask(c, a, searchTaskData{Refused: partForm{f, act}}, "search_task")
}

// teamAct reads what a team reports, with the track in the file "gpx".
func (s *Server) teamAct(c *fiber.Ctx, f *Form) (partners.TeamAct, error) {
	in := partners.TeamAct{
		Code: f.Get("code"), Found: f.Get("found"), Text: f.Get("text"), NotCovered: f.Get("not_covered"), At: f.When("at"),
		Place: f.Point("place"), Searchers: f.Number("searchers"),
	}
	if !strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		return in, nil
	}
	m, err := c.MultipartForm()
	if err != nil {
		return in, fiber.NewError(fiber.StatusBadRequest, "The form could not be read.")
	}
	for _, file := range m.File["gpx"] {
		if file.Size == 0 {
			continue
		}
		b, err := readPart(file)
		if err != nil {
			return in, err
		}
		in.GPX = string(b)
	}
	return in, nil
}

type teamData struct {
	Form *Form
	// View is nil until a code has been given that leads to a task.
	View *partners.TeamTaskView
	// Gone says that the task or the search has ended.
	Gone bool
}

func (s *Server) teamForm(c *fiber.Ctx, _ alerts.Actor) error {
	return s.render(c, layoutPublic, "team", teamData{Form: s.newForm()})
}

// teamActed shows a task to whoever holds its code, and takes what they do. The
// code comes in the form, never in the address.
func (s *Server) teamActed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if s.limits.over(s.client(c), "team", teamActsAnHour) {
		return tooMany()
	}
	d := teamData{Form: f}
	in, err := s.teamAct(c, f)
	if err != nil {
		return err
	}
	if act := f.Get("act"); slices.Contains(partners.TeamActs(), act) && len(f.Errors) == 0 {
		_, err := s.Partners.ActAsTeam(c.UserContext(), a, act, in, s.request(c, a, c.Body()))
		if code := alerts.CodeOf(err); err != nil && !f.Refused(err) && code != alerts.NotFound && code != alerts.Gone && code != alerts.Conflict {
			return err
		}
	}
	v, err := s.Partners.TeamTask(in.Code)
	switch alerts.CodeOf(err) {
	case alerts.NotFound:
		f.Errors.Add("code", "unknown_team_code", "This code does not lead to a task.")
	case alerts.Gone:
		d.Gone = true
	default:
		if err != nil {
			return err
		}
		d.View = &v
	}
	switch {
	case d.Gone:
		c.Status(fiber.StatusGone)
	case len(f.Errors) > 0:
		c.Status(fiber.StatusUnprocessableEntity)
	}
	return s.render(c, layoutPublic, "team", d)
}
