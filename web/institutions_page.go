package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// LocalTime is the time of day it is now in a time zone; empty when the zone is
// not known, or is the installation's own.
func (p *Page) LocalTime(zone string) string {
	l, err := time.LoadLocation(zone)
	if zone == "" || err != nil || p.Now.In(l).Format("15:04") == p.Now.In(p.Zone).Format("15:04") {
		return ""
	}
	return p.Now.In(l).Format("15:04")
}

// Zones are the time zones that a form offers, and the one it has already.
func (p *Page) Zones(has string) []Choice {
	all := []string{"Europe/Belgrade", "Europe/Sarajevo", "Europe/Zagreb", "Europe/Podgorica", "Europe/Skopje", "Europe/Ljubljana", "Europe/Budapest", "Europe/Bucharest", "Europe/Sofia", "Europe/Tirane",
		"Europe/Vienna", "Europe/Berlin", "Europe/Zurich", "Europe/Rome", "Europe/Paris", "Europe/Brussels", "Europe/Amsterdam", "Europe/Madrid", "Europe/Lisbon", "Europe/London", "Europe/Dublin",
		"Europe/Copenhagen", "Europe/Stockholm", "Europe/Oslo", "Europe/Helsinki", "Europe/Warsaw", "Europe/Prague", "Europe/Bratislava", "Europe/Athens", "Europe/Istanbul", "Europe/Kyiv", "Europe/Moscow",
		"Africa/Cairo", "Asia/Dubai", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Toronto", "Australia/Sydney", "UTC"}
	var out []Choice
	seen := false
	for _, z := range all {
		seen = seen || z == has
		out = append(out, Choice{z, strings.ReplaceAll(z, "_", " ")})
	}
	if has != "" && !seen {
		out = append(out, Choice{has, has})
	}
	return out
}

type toCheckData struct {
	Items []partners.ToCheck
	// Done is the entry that was just checked.
	Done string
}

// institutionsToCheckPage is the work list of the directory.
func (s *Server) institutionsToCheckPage(c *fiber.Ctx, a alerts.Actor) error {
	list, err := s.Partners.InstitutionsToCheck(c.UserContext(), a)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "institution_check", toCheckData{Items: list})
}

// institutionVerified notes that the entry was checked today, as the reader has
// seen it.
func (s *Server) institutionVerified(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if _, err := s.Partners.VerifyInstitution(c.UserContext(), a, c.Params("id"), f.version(), s.request(c, a, c.Body())); err != nil {
		return err
	}
	if f.Get("back") == "check" {
		return c.Redirect("/desk/institutions/check", fiber.StatusSeeOther)
	}
	return c.Redirect("/desk/institutions/"+c.Params("id"), fiber.StatusSeeOther)
}

func (s *Server) institutionPeopleForgotten(c *fiber.Ctx, a alerts.Actor) error {
	if _, err := s.Partners.ForgetPeople(c.UserContext(), a, c.Params("id"), s.request(c, a, c.Body())); err != nil {
		return err
	}
	return c.Redirect("/desk/institutions/"+c.Params("id"), fiber.StatusSeeOther)
}

type importData struct {
	Form *Form
	// Result is nil before a file was read; File is the file as text.
	Result *partners.Import
	File   string
}

func (s *Server) institutionsImportPage(c *fiber.Ctx, _ alerts.Actor) error {
	return s.render(c, layoutConsole, "institution_import", importData{Form: s.newForm()})
}

// institutionsImported reads a file and shows what it would change; sent again
// with the text that was shown it is carried out.
func (s *Server) institutionsImported(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	d := importData{Form: f, File: f.Values.Get("text")}
	apply := f.Get("act") == "apply"
	if !apply {
		if d.File, err = fileText(c); err != nil {
			return err
		}
	}
	if d.File == "" {
		f.Errors.Add("file", "required", "This is needed.")
		c.Status(fiber.StatusUnprocessableEntity)
		return s.render(c, layoutConsole, "institution_import", d)
	}
	result, err := s.Partners.ImportInstitutions(c.UserContext(), a, []byte(d.File), apply, s.request(c, a, c.Body()))
	if f.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.render(c, layoutConsole, "institution_import", d)
	}
	if err != nil {
		return err
	}
	d.Result = &result
	if apply && !result.Applied && len(result.Wrong) > 0 {
		c.Status(fiber.StatusConflict)
	}
	return s.render(c, layoutConsole, "institution_import", d)
}

// fileText is the text of the file in a form, empty without one.
func fileText(c *fiber.Ctx) (string, error) {
	m, err := c.MultipartForm()
	if err != nil {
		return "", nil // a form without files
	}
	if len(m.File["file"]) == 0 {
		return "", nil
	}
	b, err := readPart(m.File["file"][0])
	return string(b), err
}

type barometerData struct {
	Form   *Form
	Public bool
	Rows   []partners.BarometerRow
	Shown  []partners.PublicTally
	// Query asks for the same as a file.
	Query string
}

// barometerPage shows how institutions answer, in full or as it may be
// published.
func (s *Server) barometerPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	f := partners.BarometerFilter{From: q.day("from"), To: q.day("to")}
	d := barometerData{Public: q.one("view", []string{"public"}) != "", Form: s.newForm("from", f.From, "to", f.To, "view", q.text("view"))}
	if err := q.Err(); err != nil {
		return err
	}
	d.Query = "from=" + f.From + "&to=" + f.To
	if d.Public {
		d.Query += "&public=true"
		v, err := s.Partners.PublicBarometer(c.UserContext(), a, f)
		if err != nil {
			return s.barometerRefused(c, d, err)
		}
		d.Shown = v.Rows
	} else {
		v, err := s.Partners.Barometer(c.UserContext(), a, f)
		if err != nil {
			return s.barometerRefused(c, d, err)
		}
		d.Rows = v.Rows
	}
	return s.render(c, layoutConsole, "barometer", d)
}

func (s *Server) barometerRefused(c *fiber.Ctx, d barometerData, err error) error {
	if !d.Form.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.render(c, layoutConsole, "barometer", d)
}

// NumberOf writes a number that may be left out.
func (p *Page) NumberOf(n *int) string {
	if n == nil {
		return ""
	}
	return p.Number(*n)
}

// Yes reads a yes or no that may not be known.
func (p *Page) Yes(b *bool) bool { return b != nil && *b }
