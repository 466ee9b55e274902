package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type silenceData struct {
	partners.SilenceBoard
	Form *Form
	// Wrong is the task that the form's errors belong to, as ALERT.PARTNER.N.
	Wrong string
}

// silencePage is the coordinator's board: whom to call, who has not answered and
// what is tried next, and who has not confirmed a removal.
func (s *Server) silencePage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showSilence(c, a, silenceData{Form: s.newForm()})
}

func (s *Server) showSilence(c *fiber.Ctx, a alerts.Actor, d silenceData) error {
	board, err := s.Partners.Silence(a)
	if err != nil {
		return err
	}
	d.SilenceBoard = board
	return s.render(c, layoutConsole, "silence", d)
}

// callAnswered notes what came of a call: one click.
func (s *Server) callAnswered(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	alert, partner, number := c.Params("id"), c.Params("partner"), params(c, "n")
	in := partners.CallResult{Result: partners.TryState(f.Get("result")), Note: f.Get("note")}
	_, err = s.Partners.AnswerCall(c.UserContext(), a, alert, partner, number, in, s.request(c, a, c.Body()))
	if f.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showSilence(c, a, silenceData{Form: f, Wrong: alert + "." + partner + "." + c.Params("n")})
	}
	if err != nil {
		return err
	}
	if f.Get("back") == "alert" {
		return c.Redirect("/desk/alerts/"+alert+"#ledger", fiber.StatusSeeOther)
	}
	return c.Redirect("/desk/silence", fiber.StatusSeeOther)
}

// params reads a number of the address; one that cannot be read is none.
func params(c *fiber.Ctx, name string) int {
	n, err := c.ParamsInt(name)
	if err != nil {
		return 0
	}
	return n
}

// Script is what to say on the telephone, in the caller's language: who calls,
// that there is an alert, of which level and where. Nothing of the child.
func (p *Page) Script(t partners.CallTask) string {
	key := "call.script"
	if t.Drill {
		key = "call.script_drill"
	}
	return p.T(key, "Organisation", p.Organisation(), "Partner", t.PartnerName, "Level", p.Word("level", t.Level), "Countries", p.CountryNames(t.Countries))
}

// CountryNames names countries with commas between.
func (p *Page) CountryNames(codes []string) string {
	out := ""
	for i, code := range codes {
		if i > 0 {
			out += ", "
		}
		out += p.Region(code)
	}
	return out
}
