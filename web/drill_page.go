package web

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// drillPages are the exercises, for the desk.
func (s *Server) drillPages() []route {
	return []route{
		{"GET", "/desk/drills", s.drillsPage},
		{"GET", "/desk/drills/new", s.drillNewPage},
		{"POST", "/desk/drills/new", s.drillStarted},
		{"GET", "/desk/drills/:id", s.drillPage},
		{"POST", "/desk/drills/:id/end", s.drillEnded},
	}
}

// drillAPI is the same for programs.
func (s *Server) drillAPI() []route {
	return []route{
		api("POST", "/drills", s.startDrill),
		api("GET", "/drills", s.listDrills, paged()...),
		api("GET", "/drills/:id", s.readDrill),
		api("GET", "/drills/:id/report.csv", s.exportDrill),
		api("POST", "/drills/:id/end", s.endDrill),
	}
}

type drillListData struct {
	Items []partners.DrillView
	Next  string
}

func (s *Server) drillsPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	cursor, limit := q.page()
	if err := q.Err(); err != nil {
		return err
	}
	page, err := s.Partners.Drills(a, cursor, limit)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "drill_list", drillListData{page.Items, orEmpty(page.Next)})
}

// drillForm is the form that starts an exercise.
type drillForm struct {
	Form *Form
	// Partners can take part: those that wait for approval, too.
	Partners   []Choice
	Levels     []alerts.Level
	Severities []string
}

func (s *Server) showDrillForm(c *fiber.Ctx, f *Form) error {
	d := drillForm{Form: f, Levels: levels()[1:], Severities: severityWords()}
	for _, p := range s.Partners.PartnerBoard().Partners() {
		if p.State == partners.PartnerApproved || p.State == partners.PartnerPending {
			d.Partners = append(d.Partners, Choice{p.ID, p.Name})
		}
	}
	return s.render(c, layoutConsole, "drill_new", d)
}

// severityWords are the severities, the gravest first.
func severityWords() []string { return []string{"extreme", "severe", "moderate", "minor"} }

func (s *Server) drillNewPage(c *fiber.Ctx, _ alerts.Actor) error {
	return s.showDrillForm(c, s.newForm("level", string(alerts.LevelPartner), "severity", "severe", "all", "yes"))
}

func (s *Server) drillStarted(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.NewDrill{
		Partners: f.All("partners"), All: f.On("all"), Level: alerts.Level(f.Get("level")), Severity: f.Get("severity"), Hours: f.Number("hours"),
		Note: map[string]string{English: f.Get("note.en"), SerbianLatin: f.Get("note.sr-Latn")},
	}
	v, err := s.Partners.StartDrill(c.UserContext(), a, in, s.request(c, a, c.Body()))
	if f.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showDrillForm(c, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/desk/drills/"+v.ID, fiber.StatusSeeOther)
}

type drillData struct {
	View partners.DrillView
	// Notes are the note's texts that the reader's language comes first in.
	Notes []DrillNote
}

// DrillNote is a note in one language.
type DrillNote struct{ Language, Text string }

func (s *Server) drillPage(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Drill(a, c.Params("id"))
	if err != nil {
		return err
	}
	d := drillData{View: v}
	for _, l := range []string{English, SerbianLatin, SerbianCyrillic} {
		if v.Note[l] != "" {
			d.Notes = append(d.Notes, DrillNote{l, v.Note[l]})
		}
	}
	own := s.texts.languageOf(c)
	slices.SortStableFunc(d.Notes, func(x, y DrillNote) int {
		if (x.Language == own) == (y.Language == own) {
			return 0
		} else if x.Language == own {
			return -1
		}
		return 1
	})
	return s.render(c, layoutConsole, "drill", d)
}

func (s *Server) drillEnded(c *fiber.Ctx, a alerts.Actor) error {
	if _, err := s.Partners.EndDrill(c.UserContext(), a, c.Params("id"), s.request(c, a, c.Body())); err != nil {
		return err
	}
	return c.Redirect("/desk/drills/"+c.Params("id"), fiber.StatusSeeOther)
}

func (s *Server) startDrill(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewDrill](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.StartDrill(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/drills/"+v.ID, 0, v)
}

func (s *Server) listDrills(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	cursor, limit := q.page()
	if err := q.Err(); err != nil {
		return err
	}
	page, err := s.Partners.Drills(a, cursor, limit)
	if err != nil {
		return err
	}
	return c.JSON(page)
}

func (s *Server) readDrill(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Drill(a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) exportDrill(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.Drill(a, c.Params("id"))
	if err != nil {
		return err
	}
	file, err := v.CSV()
	if err != nil {
		return err
	}
	return sendFile(c, mimeCSV, "drill.csv", file)
}

func (s *Server) endDrill(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Partners.EndDrill, nil)
}

// Lasted writes whole seconds as people do: 45 s, 3 min 20 s, 2 h 5 min; a dash
// for what has not happened.
func (p *Page) Lasted(seconds *int) string {
	if seconds == nil {
		return "–"
	}
	d := time.Duration(*seconds) * time.Second
	h, m, s := int(d/time.Hour), int(d%time.Hour/time.Minute), int(d%time.Minute/time.Second)
	switch {
	case h > 0:
		return p.T("lasted.hours", "H", h, "M", m)
	case m > 0:
		return p.T("lasted.minutes", "M", m, "S", s)
	}
	return p.T("lasted.seconds", "S", s)
}
