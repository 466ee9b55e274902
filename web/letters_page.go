package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo/script"
	"homeward/partners"
	"homeward/partners/pack"
)

type letterNewData struct {
	matterFrame
	// Ask chooses the letter; Form is the letter itself, nil before it is
	// chosen.
	Ask, Form    *Form
	Draft        partners.LetterDraft
	Kinds        []Choice
	Recipients   []Choice
	Institutions []Choice
	Languages    []string
	Replaces     int
}

func (s *Server) letterNewPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	ask := s.newForm("template", q.text("template"), "recipient", q.text("recipient"), "institution_id", q.text("institution_id"),
		"language", q.text("language"))
	replaces := s.newForm("replaces", q.text("replaces")).Number("replaces")
	if err := q.Err(); err != nil {
		return err
	}
	if replaces > 0 {
		return s.showNewVersion(c, a, ask, replaces)
	}
	if ask.Get("template") == "" {
		return s.showLetterNew(c, a, letterNewData{Ask: ask})
	}
	in := askOf(ask)
	if in.Language == "" {
		in.Language = s.Partners.LetterLanguage(in.InstitutionID, s.texts.languageOf(c))
	}
	draft, err := s.Partners.DraftLetter(c.UserContext(), a, c.Params("id"), in, s.Config.Name)
	if ask.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showLetterNew(c, a, letterNewData{Ask: ask})
	}
	if err != nil {
		return err
	}
	f := s.newForm("template", draft.Template, "recipient", draft.Recipient, "institution_id", draft.InstitutionID, "language", draft.Language,
		"addressee", draft.Addressee, "subject", draft.Subject, "body", draft.Body)
	return s.showLetterNew(c, a, letterNewData{Ask: ask, Form: f, Draft: draft})
}

func askOf(f *Form) partners.LetterAsk {
	return partners.LetterAsk{Template: f.Get("template"), Recipient: f.Get("recipient"), InstitutionID: f.Get("institution_id"), Language: f.Get("language")}
}

// showNewVersion begins a new version of a letter with its text.
func (s *Server) showNewVersion(c *fiber.Ctx, a alerts.Actor, ask *Form, n int) error {
	l, err := s.Partners.LetterOf(c.UserContext(), a, c.Params("id"), n)
	if err != nil {
		return err
	}
	f := s.newForm("template", l.Template, "recipient", l.Recipient, "institution_id", l.InstitutionID, "language", l.Language,
		"addressee", l.Addressee, "subject", l.Subject, "body", l.Body, "replaces", strconv.Itoa(n))
	return s.showLetterNew(c, a, letterNewData{Ask: ask, Form: f, Replaces: n,
		Draft: partners.LetterDraft{LetterAsk: askOf(f), Source: l.Source, Link: l.Link, Verified: l.BasisChecked}})
}

func (s *Server) showLetterNew(c *fiber.Ctx, a alerts.Actor, d letterNewData) error {
	var err error
	if d.matterFrame, err = s.matterFrameOf(c, a, "papers"); err != nil {
		return err
	}
	data, err := s.Partners.Pack()
	if err != nil {
		return err
	}
	for _, t := range data.TemplatesFor(d.View.LegalRoute) {
		d.Kinds = append(d.Kinds, Choice{t.ID, t.In(s.texts.languageOf(c))})
	}
	if d.Institutions, err = s.institutionChoices(c, a, ""); err != nil {
		return err
	}
	if d.Recipients, err = s.recipients(c); err != nil {
		return err
	}
	d.Languages = pack.Languages()
	return s.render(c, layoutConsole, "matter_letter_new", d)
}

func (s *Server) letterMade(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if f.Get("act") == "script" {
		oneScript(f)
		return s.showTypedLetter(c, a, f)
	}
	in := partners.NewLetter{
		LetterAsk: askOf(f), Addressee: unixLines(f.Get("addressee")), Subject: f.Get("subject"), Body: unixLines(f.Get("body")),
		Replaces: f.Number("replaces"), BasisChecked: f.On("basis_checked"),
	}
	v, err := s.Partners.MakeLetter(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
	if err == nil {
		return c.Redirect(matterPath(c.Params("id"))+"/letters/"+strconv.Itoa(v.N), fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showTypedLetter(c, a, f)
}

// oneScript puts a letter in Serbian wholly into its script: names and what the
// staff wrote come as they were typed.
func oneScript(f *Form) {
	into := script.ToLatin
	if f.Get("language") == SerbianCyrillic {
		into = script.ToCyrillic
	}
	for _, part := range []string{"addressee", "subject", "body"} {
		f.Set(part, into(f.Get(part)))
	}
}

// showTypedLetter shows a letter as it was typed.
func (s *Server) showTypedLetter(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	d := letterNewData{Ask: f, Form: f, Replaces: f.Number("replaces"), Draft: partners.LetterDraft{LetterAsk: askOf(f)}}
	if data, err := s.Partners.Pack(); err == nil {
		if t, ok := data.Template(f.Get("template")); ok {
			d.Draft.Source, d.Draft.Link, d.Draft.Verified = t.Source, t.Link, t.Verified
		}
	}
	return s.showLetterNew(c, a, d)
}

type madeLetterData struct {
	matterFrame
	Letter partners.MadeLetter
}

func (s *Server) madeLetterPage(c *fiber.Ctx, a alerts.Actor) error {
	n, err := numbered(c)
	if err != nil {
		return err
	}
	frame, err := s.matterFrameOf(c, a, "papers")
	if err != nil {
		return err
	}
	d := madeLetterData{matterFrame: frame}
	if d.Letter, err = s.Partners.LetterOf(c.UserContext(), a, c.Params("id"), n); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "matter_letter", d)
}
