package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
	"homeward/partners/abduction"
)

// logAPI is the API of one kind of log of contacts with institutions.
type logAPI struct {
	s    *Server
	of   func(id string) partners.Log
	path string
}

// logRoutes is the API of the logs of matters and of cases.
func (s *Server) logRoutes() []route {
	var out []route
	for _, l := range []logAPI{{s, partners.LogOfMatter, "/abductions/:id/contacts"}, {s, partners.LogOfCase, "/cases/:id/inquiries"}} {
		out = append(out,
			api("GET", l.path, l.list),
			api("POST", l.path, l.record),
			api("POST", l.path+"/:n/answer", l.answer),
			api("POST", l.path+"/:n/done", l.done),
			api("GET", l.path+"/:n/ladder", l.ladder, "rung", "institution", "language"),
			api("POST", l.path+"/:n/escalate", l.escalate),
		)
	}
	return out
}

func (l logAPI) log(c *fiber.Ctx) partners.Log { return l.of(c.Params("id")) }

func (l logAPI) list(c *fiber.Ctx, a alerts.Actor) error {
	v, err := l.s.Partners.ContactLog(c.UserContext(), a, l.log(c))
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (l logAPI) record(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewMatterContact](l.s, c, a)
	if err != nil {
		return err
	}
	v, err := l.s.Partners.RecordEntry(c.UserContext(), a, l.log(c), in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+strings.Replace(l.path, ":id", c.Params("id"), 1), 0, v)
}

func (l logAPI) answer(c *fiber.Ctx, a alerts.Actor) error {
	n, err := entryNumber(c)
	if err != nil {
		return err
	}
	in, r, err := take[partners.NewAnswer](l.s, c, a)
	if err != nil {
		return err
	}
	v, err := l.s.Partners.AnswerEntry(c.UserContext(), a, l.log(c), n, in, r)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (l logAPI) done(c *fiber.Ctx, a alerts.Actor) error {
	n, err := entryNumber(c)
	if err != nil {
		return err
	}
	in, r, err := take[partners.StepDone](l.s, c, a)
	if err != nil {
		return err
	}
	v, err := l.s.Partners.FinishStep(c.UserContext(), a, l.log(c), n, in, r)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (l logAPI) ladder(c *fiber.Ctx, a alerts.Actor) error {
	n, err := entryNumber(c)
	if err != nil {
		return err
	}
	q := queryIn(c)
	wish := partners.RungWish{Rung: q.text("rung"), InstitutionID: q.text("institution"), Language: q.one("language", abduction.LetterLanguages()), From: l.s.Config.Name, Channel: l.s.channelWord}
	if err := q.Err(); err != nil {
		return err
	}
	v, err := l.s.Partners.Escalation(c.UserContext(), a, l.log(c), n, wish)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (l logAPI) escalate(c *fiber.Ctx, a alerts.Actor) error {
	n, err := entryNumber(c)
	if err != nil {
		return err
	}
	in, r, err := take[partners.NewEscalation](l.s, c, a)
	if err != nil {
		return err
	}
	v, err := l.s.Partners.Escalate(c.UserContext(), a, l.log(c), n, in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+strings.Replace(l.path, ":id", c.Params("id"), 1), 0, v)
}
