package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// checksAnHour is how many links one network may ask about in an hour.
const checksAnHour = 300

// rumourCard is a published entry in the reader's language.
type rumourCard struct {
	alerts.PublicRumour
	Text     alerts.DraftText
	TextLang string
}

type rumoursData struct {
	Entries []rumourCard
	// Asked is the link or hash that the reader asked about, Found the entry
	// about it.
	Asked string
	Found *rumourCard
}

// rumoursPage says which appeals that go round are false, old or solved. It
// says nothing about any child that is known here.
func (s *Server) rumoursPage(c *fiber.Ctx, _ alerts.Actor) error {
	return s.showRumours(c, rumoursData{})
}

// rumourChecked looks one link up. It is posted, as addresses end up in logs.
func (s *Server) rumourChecked(c *fiber.Ctx, _ alerts.Actor) error {
	if s.limits.over(s.client(c), "rumour", checksAnHour) {
		return tooMany()
	}
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	d := rumoursData{Asked: strings.TrimSpace(f.Get("link"))}
	if v, ok := s.Alerts.RumourOf(d.Asked); ok {
		card := rumourCardOf(v, s.texts.languageOf(c))
		d.Found = &card
	}
	return s.showRumours(c, d)
}

func (s *Server) showRumours(c *fiber.Ctx, d rumoursData) error {
	for _, v := range s.Alerts.PublicRumours() {
		if v.State == string(alerts.RumourPublished) {
			d.Entries = append(d.Entries, rumourCardOf(v, s.texts.languageOf(c)))
		}
	}
	return s.render(c, layoutPublic, "rumours", d)
}

func rumourCardOf(v alerts.PublicRumour, lang string) rumourCard {
	l := nearestLanguage(v.Texts, lang)
	return rumourCard{v, v.Texts[l], l}
}

// rumourLine is an entry in the desk's list.
type rumourLine struct {
	alerts.RumourView
	Headline partnerText
}

func (s *Server) rumourDesk(c *fiber.Ctx, a alerts.Actor) error {
	var lines []rumourLine
	for _, v := range s.Alerts.Rumours(a) {
		lines = append(lines, rumourLine{v, headline(v.Texts, s.texts.languageOf(c))})
	}
	return s.render(c, layoutConsole, "rumour_list", lines)
}

type rumourData struct {
	View     alerts.RumourView
	Headline partnerText
	Written  []partnerText
	Form     *Form
	// Own is set when the reader wrote the draft; Stale when it changed while
	// they had it open.
	Own, Stale bool
}

func (s *Server) rumourPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showRumour(c, a, rumourData{Form: s.newForm()})
}

func (s *Server) showRumour(c *fiber.Ctx, a alerts.Actor, d rumourData) error {
	var err error
	if d.View, err = s.Alerts.Rumour(a, c.Params("id")); err != nil {
		return err
	}
	d.Headline, d.Own = headline(d.View.Texts, s.texts.languageOf(c)), d.View.Author == a.ID
	for _, l := range sortedLanguages(d.View.Texts) {
		d.Written = append(d.Written, partnerText{l, d.View.Texts[l]})
	}
	return s.render(c, layoutConsole, "rumour", d)
}

type rumourEditor struct {
	Form     *Form
	View     *alerts.RumourView
	Verdicts []string
}

func (s *Server) rumourNewPage(c *fiber.Ctx, _ alerts.Actor) error {
	f := s.newForm("verdict", "false", "since", s.Now().In(s.zone()).Format("2006-01-02"))
	return s.showRumourEditor(c, f, nil)
}

func (s *Server) rumourEditPage(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Alerts.Rumour(a, c.Params("id"))
	if err != nil {
		return err
	}
	f := s.newForm("verdict", v.Verdict, "since", v.Since, "links", strings.Join(v.Links, "\n"), "files", strings.Join(v.Files, "\n"))
	f.setTexts(v.Texts)
	return s.showRumourEditor(c, f, &v)
}

func (s *Server) showRumourEditor(c *fiber.Ctx, f *Form, v *alerts.RumourView) error {
	return s.render(c, layoutConsole, "rumour_edit", rumourEditor{f, v, alerts.Verdicts()})
}

func rumourFrom(f *Form) alerts.NewRumour {
	return alerts.NewRumour{
		Verdict: f.Get("verdict"), Since: f.Get("since"), Texts: f.texts(), Links: strings.Fields(f.Get("links")), Files: strings.Fields(f.Get("files")),
	}
}

func (s *Server) rumourWritten(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if alertGrew(f) {
		return s.showRumourEditor(c, f, nil)
	}
	v, err := s.Alerts.WriteRumour(c.UserContext(), a, rumourFrom(f), s.request(c, a, c.Body()))
	return s.rumourDone(c, f, v.ID, err, nil)
}

func (s *Server) rumourEdited(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Alerts.Rumour(a, c.Params("id"))
	if err != nil {
		return err
	}
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if alertGrew(f) {
		return s.showRumourEditor(c, f, &v)
	}
	_, err = s.Alerts.UpdateRumour(c.UserContext(), a, v.ID, rumourFrom(f), s.request(c, a, c.Body()))
	return s.rumourDone(c, f, v.ID, err, &v)
}

// rumourDone goes to the entry, or shows the editor again with what was wrong.
func (s *Server) rumourDone(c *fiber.Ctx, f *Form, id string, err error, v *alerts.RumourView) error {
	if err == nil {
		return c.Redirect("/desk/rumours/"+id, fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showRumourEditor(c, f, v)
}

func (s *Server) rumourApproved(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Alerts.PublishRumour(c.UserContext(), a, c.Params("id"), alerts.ApproveRumour{ContentHash: f.Get("content_hash")}, s.request(c, a, c.Body()))
	return s.rumourStep(c, a, f, err)
}

func (s *Server) rumourRetracted(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Alerts.TakeBackRumour(c.UserContext(), a, c.Params("id"), alerts.RetractRumour{Reason: f.Get("reason")}, s.request(c, a, c.Body()))
	return s.rumourStep(c, a, f, err)
}

func (s *Server) rumourStep(c *fiber.Ctx, a alerts.Actor, f *Form, err error) error {
	switch {
	case err == nil:
		return c.Redirect("/desk/rumours/"+c.Params("id"), fiber.StatusSeeOther)
	case f.Refused(err):
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showRumour(c, a, rumourData{Form: f})
	case alerts.CodeOf(err) == alerts.Conflict:
		c.Status(fiber.StatusConflict)
		return s.showRumour(c, a, rumourData{Form: f, Stale: true})
	}
	return err
}
