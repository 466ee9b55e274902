package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type papersData struct {
	matterFrame
	Papers partners.PapersView
	// Missing counts the lines of the application form that are still empty.
	Missing int
	// Form is that of the paper Paper, or of a new paper when it is empty.
	Form    *Form
	Paper   string
	Parties []Choice
	States  []string
}

func (s *Server) papersPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showPapers(c, a, papersData{Form: s.newForm()})
}

func (s *Server) showPapers(c *fiber.Ctx, a alerts.Actor, d papersData) error {
	var err error
	if d.matterFrame, err = s.matterFrameOf(c, a, "papers"); err != nil {
		return err
	}
	if d.Papers, err = s.Partners.PapersOf(c.UserContext(), a, d.View.ID); err != nil {
		return err
	}
	form, err := s.Partners.Application(c.UserContext(), a, d.View.ID, "", s.texts.languageOf(c))
	if err != nil {
		return err
	}
	d.Missing, d.States = form.Missing, partners.PaperStates()
	d.Parties = s.parties(c, a, d.View.CaseID)
	return s.render(c, layoutConsole, "matter_papers", d)
}

// parties are those of a case who can be kept from a paper.
func (s *Server) parties(c *fiber.Ctx, a alerts.Actor, caseID string) []Choice {
	p := s.page(c, "", nil)
	out := []Choice{{alerts.PartyLeftBehind, p.T("papers.party_left_behind")}, {alerts.PartyTaking, p.T("papers.party_taking")}}
	if known, err := s.Alerts.VisibleCase(a, caseID); err == nil {
		for _, party := range s.Alerts.ViewCase(a, known).Parties {
			out = append(out, Choice{party.ID, party.Name})
		}
	}
	return out
}

// FormOf is the form of one paper: what was typed into it, or how it stands.
func (d papersData) FormOf(v partners.PaperView, p *Page) *Form {
	if d.Paper == v.ID {
		return d.Form
	}
	f := p.s.newForm("language", v.Language, "note", v.Note)
	f.Values["keep_from"] = v.KeepFrom
	return f
}

// PaperTitle is what a paper is called, with the child that it is about.
func (p *Page) PaperTitle(v partners.PaperView) string {
	title := v.Titles[p.Lang]
	if v.ChildName != "" {
		title += " – " + v.ChildName
	}
	return title
}

// Kilobytes writes how large a file is.
func (p *Page) Kilobytes(n int) string { return p.Number((n+1023)/1024) + " kB" }

// Recipient names a kind of reader outside.
func (p *Page) Recipient(id string) string {
	if data, err := p.s.Partners.Pack(); err == nil {
		if r, ok := data.Recipient(id); ok {
			return r.In(p.Lang)
		}
	}
	return id
}

// RecipientWhy says who else reads what a recipient gets.
func (p *Page) RecipientWhy(id string) string {
	if data, err := p.s.Partners.Pack(); err == nil {
		if r, ok := data.Recipient(id); ok {
			return r.Why().In(p.Lang)
		}
	}
	return ""
}

// LetterKind names a kind of letter.
func (p *Page) LetterKind(id string) string {
	if data, err := p.s.Partners.Pack(); err == nil {
		if t, ok := data.Template(id); ok {
			return t.In(p.Lang)
		}
	}
	return id
}

// FactTitle is what a fact that letters name is called.
func (p *Page) FactTitle(key string) string {
	if data, err := p.s.Partners.Pack(); err == nil {
		return data.FactTitle(key, p.Lang)
	}
	return key
}

func papersPath(c *fiber.Ctx) string { return matterPath(c.Params("id")) + "/papers" }

// backToPapers ends a form about one paper.
func (s *Server) backToPapers(c *fiber.Ctx, a alerts.Actor, f *Form, err error) error {
	paper := c.Params("paper")
	if err == nil {
		return c.Redirect(papersPath(c)+"#"+anchor(paper), fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showPapers(c, a, papersData{Form: f, Paper: paper})
}

// anchor is where a paper stands on the page.
func anchor(paper string) string { return "paper-" + strings.ReplaceAll(paper, ".", "-") }

// Anchor is where a paper stands on the page.
func (p *Page) Anchor(paper string) string { return anchor(paper) }

func (s *Server) paperAdded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	v, err := s.Partners.AddPaper(c.UserContext(), a, c.Params("id"), partners.NewPaper{Title: f.Get("title")}, s.request(c, a, c.Body()))
	if err == nil {
		return c.Redirect(papersPath(c)+"#"+anchor(v.ID), fiber.StatusSeeOther)
	}
	return s.backToPapers(c, a, f, err)
}

func (s *Server) paperChanged(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.PaperChange{State: f.Get("state"), On: f.Get("on")}
	if f.Get("act") == "undo" {
		no := false
		in.Done = &no
	}
	if f.Get("act") == "about" {
		in = partners.PaperChange{Language: alerts.Some(f.Get("language")), Note: alerts.Some(f.Get("note")), KeepFrom: alerts.Some(f.All("keep_from"))}
	}
	_, err = s.Partners.ChangePaper(c.UserContext(), a, c.Params("id"), c.Params("paper"), in, s.request(c, a, c.Body()))
	return s.backToPapers(c, a, f, err)
}

func (s *Server) paperFileAdded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in, err := s.paperIn(c)
	if err == nil {
		_, err = s.Partners.AddFile(c.UserContext(), a, c.Params("id"), c.Params("paper"), in, s.request(c, a, nil))
	}
	return s.backToPapers(c, a, f, err)
}

func (s *Server) paperFileRemoved(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Partners.RemoveFile(c.UserContext(), a, c.Params("id"), c.Params("paper"), c.Params("file"), s.request(c, a, c.Body()))
	return s.backToPapers(c, a, f, err)
}
