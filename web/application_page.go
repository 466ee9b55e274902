package web

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
	"homeward/partners/pack"
)

type applicationData struct {
	matterFrame
	Filled *pack.Filled
	Form   *Form
	// Recipient is whose copy is shown, "" for the desk's own, which can be
	// written into.
	Recipient  string
	Recipients []Choice
	Languages  []string
}

// answerField names the input of a line of the form.
func answerField(field, of string) string {
	if of == "" {
		return "a:" + field
	}
	return "a:" + field + "/" + of
}

// AnswerField is answerField for templates.
func (p *Page) AnswerField(field, of string) string { return answerField(field, of) }

// Stays says why something stays here.
func (p *Page) Stays(why string) string { return p.TOr("papers.why_"+why, why) }

func (s *Server) recipients(c *fiber.Ctx) ([]Choice, error) {
	data, err := s.Partners.Pack()
	if err != nil {
		return nil, err
	}
	var out []Choice
	for _, r := range data.Recipients {
		out = append(out, Choice{r.ID, r.In(s.texts.languageOf(c))})
	}
	return out, nil
}

// paperLanguage is the language that papers are asked for in: as chosen, or
// the reader's.
func (s *Server) paperLanguage(c *fiber.Ctx, chosen string) string {
	if chosen == "" {
		return s.texts.languageOf(c)
	}
	return chosen
}

func (s *Server) applicationPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showApplication(c, a, nil)
}

func (s *Server) showApplication(c *fiber.Ctx, a alerts.Actor, typed *Form) error {
	q := queryIn(c)
	recipient, lang := q.text("recipient"), q.text("language")
	if err := q.Err(); err != nil {
		return err
	}
	frame, err := s.matterFrameOf(c, a, "papers")
	if err != nil {
		return err
	}
	d := applicationData{matterFrame: frame, Recipient: recipient, Form: typed, Languages: pack.Languages()}
	lang = s.paperLanguage(c, lang)
	if d.Filled, err = s.Partners.Application(c.UserContext(), a, frame.View.ID, recipient, lang); err != nil {
		return err
	}
	if d.Recipients, err = s.recipients(c); err != nil {
		return err
	}
	if typed == nil {
		d.Form = s.newForm("recipient", recipient, "language", lang)
		for _, section := range d.Filled.Sections {
			for _, f := range section.Fields {
				if f.Typed {
					d.Form.Set(answerField(f.ID, section.ChildID), f.Value)
				}
			}
		}
	}
	return s.render(c, layoutConsole, "matter_application", d)
}

func (s *Server) applicationWritten(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	var in partners.FormAnswers
	var names []string
	for name := range f.Values {
		if strings.HasPrefix(name, "a:") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		field, of, _ := strings.Cut(strings.TrimPrefix(name, "a:"), "/")
		in.Answers = append(in.Answers, pack.Answer{Field: field, Of: of, Value: strings.ReplaceAll(f.Get(name), "\r\n", "\n")})
	}
	err = s.Partners.WriteApplication(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
	if err == nil {
		return c.Redirect(matterPath(c.Params("id"))+"/application", fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showApplication(c, a, f)
}
