package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/alerts/cap"
)

// preview is an alert as every audience would see it if it were released now.
type preview struct {
	alert *alerts.Alert
	of    *alerts.Case
	// appeal is the public card; public is false when the level does not reach
	// the public.
	appeal alerts.AppealView
	public bool
	// view is the alert as the reader of the preview sees it.
	view alerts.AlertView
}

// previewOf makes the preview of an alert that the reader may see; the read is
// recorded.
func (s *Server) previewOf(c *fiber.Ctx, a alerts.Actor) (preview, error) {
	view, err := s.Alerts.Alert(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return preview{}, err
	}
	al, ok := s.Alerts.Board.Alert(view.ID)
	cs, found := s.Alerts.Board.Case(view.CaseID)
	if !ok || !found {
		return preview{}, noAlert()
	}
	if al.State.Ended() {
		return preview{}, endedAlert()
	}
	p := preview{view: view}
	p.of, p.alert = alerts.PreviewOf(cs, al, s.Now())
	p.appeal, p.public = alerts.AppealOf(p.of, p.alert, s.Now().In(s.zone()))
	return p, nil
}

// key is what a preview is made for: one language of the text.
func (s *Server) previewKey(c *fiber.Ctx, p preview, what string) shownKey {
	frame := s.texts.languageOf(c)
	return shownKey{alert: p.alert.ID, what: what, lang: frame, text: s.textLanguage(c, p.alert, frame), origin: s.origin(c)}
}

// partnerPreview is what partners get.
func (s *Server) partnerPreview(c *fiber.Ctx, p preview) *alerts.PartnerAlert {
	r := p.alert.Current()
	if r == nil || r.Level == alerts.LevelInternal {
		return nil
	}
	v := alerts.PartnerAlertOf(p.alert, r, s.alertLinks(c, p.alert))
	return &v
}

// capPreview is the CAP message, "" for what never leaves the desk.
func (s *Server) capPreview(c *fiber.Ctx, p preview) (string, error) {
	r := p.alert.Current()
	if r == nil || r.Level == alerts.LevelInternal {
		return "", nil
	}
	o := cap.Options{SenderName: s.Config.Name, PhotoType: "image/jpeg", Regions: s.Regions, Exercise: s.exercise()}
	links := s.alertLinks(c, p.alert)
	o.Page, o.Photo = links.Page, links.Photo
	if p.public {
		o.Page = s.capPage(c, p.alert)
		if p.appeal.PhotoID == "" {
			o.Photo = ""
		}
	}
	m, err := cap.Of(p.alert, r, o)
	if err != nil {
		return "", err
	}
	b, err := cap.Write(m)
	return string(b), err
}

// previewView is a preview for programs.
type previewView struct {
	Revision int                  `json:"revision"`
	Appeal   *alerts.AppealView   `json:"appeal"`
	Partner  *alerts.PartnerAlert `json:"partner"`
	CAP      string               `json:"cap"`
	Warnings []alerts.FieldError  `json:"warnings"`
}

func (s *Server) previewAlert(c *fiber.Ctx, a alerts.Actor) error {
	p, err := s.previewOf(c, a)
	if err != nil {
		return err
	}
	v := previewView{Partner: s.partnerPreview(c, p), Warnings: []alerts.FieldError{}}
	if p.view.Draft != nil && p.view.Draft.Warnings != nil {
		v.Warnings = p.view.Draft.Warnings
	}
	if r := p.alert.Current(); r != nil {
		v.Revision = r.Number
	}
	if p.public {
		v.Appeal = &p.appeal
	}
	if v.CAP, err = s.capPreview(c, p); err != nil {
		return err
	}
	return c.JSON(v)
}

// previewData is the page that shows each audience beside each other.
type previewData struct {
	View     alerts.AlertView
	Headline partnerText
	// Languages are those of the texts, Language the one shown.
	Languages []Choice
	Language  string
	Public    bool
	// Printable tells whether posters can be set in this language.
	Printable bool
	Partner   *alerts.PartnerAlert
	Text      partnerText
	CAP       string
	Warnings  []alerts.FieldError
	Photo     *alerts.PhotoView
}

func (s *Server) previewPage(c *fiber.Ctx, a alerts.Actor) error {
	p, err := s.previewOf(c, a)
	if err != nil {
		return err
	}
	k := s.previewKey(c, p, "preview")
	d := previewData{View: p.view, Public: p.public, Partner: s.partnerPreview(c, p), Language: k.text}
	r := p.alert.Current()
	texts := map[string]alerts.DraftText{}
	for _, t := range r.Texts {
		texts[t.Language] = alerts.DraftText{Headline: t.Headline, Description: t.Description, Instruction: t.Instruction}
	}
	for _, l := range sortedLanguages(texts) {
		d.Languages = append(d.Languages, Choice{l, ownLanguageName(l)})
	}
	d.Headline, d.Text = headline(texts, k.lang), partnerText{k.text, texts[k.text]}
	if p.view.Draft != nil {
		d.Warnings = p.view.Draft.Warnings
	}
	if d.CAP, err = s.capPreview(c, p); err != nil {
		return err
	}
	content := s.posterContent(s.page(c, "", nil), p.now(), k)
	d.Printable = p.public && content.CanSet()
	return s.render(c, layoutConsole, "alert_preview", d)
}

func (p preview) now() appealNow { return appealNow{p.appeal, p.alert, p.of} }

// publicPreview is previewOf for what only the public sees.
func (s *Server) publicPreview(c *fiber.Ctx, a alerts.Actor) (preview, error) {
	p, err := s.previewOf(c, a)
	if err == nil && !p.public {
		err = alerts.Errorf(alerts.NotFound, "This level does not reach the public.")
	}
	return p, err
}

func (s *Server) previewAppeal(c *fiber.Ctx, a alerts.Actor) error {
	p, err := s.publicPreview(c, a)
	if err != nil {
		return err
	}
	k := s.previewKey(c, p, "page")
	page := s.openPage(c, "appeal", k)
	page.query.Set("lang", k.text)
	d := s.appealData(p.now(), k, page)
	base := "/desk/alerts/" + p.alert.ID + "/preview/"
	d.Preview, d.Photo = true, base+"photo"
	for i, kind := range paperKinds() {
		if i < len(d.Papers) {
			d.Papers[i].Href = base + kind.file + "?lang=" + k.text
		}
	}
	page.Data = d
	e, err := s.shownPage("appeal", fiber.StatusOK, page)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, e.kind)
	return c.Send(e.body)
}

func (s *Server) previewPhoto(c *fiber.Ctx, a alerts.Actor) error {
	p, err := s.publicPreview(c, a)
	if err != nil {
		return err
	}
	b, err := s.smallPhoto(c, p.now())
	if err != nil {
		return err
	}
	if b == nil {
		return alerts.Errorf(alerts.NotFound, "This appeal has no photo.")
	}
	return sendPicture(c, b)
}

// previewPaper draws a poster that says across itself that it is not released.
func (s *Server) previewPaper(c *fiber.Ctx, a alerts.Actor) error {
	p, err := s.publicPreview(c, a)
	if err != nil {
		return err
	}
	file := c.Path()[strings.LastIndexByte(c.Path(), '/')+1:]
	k := s.previewKey(c, p, file)
	content := s.posterContent(s.page(c, "", nil), p.now(), k)
	content.Mark = s.texts.text(frameOf(k), "poster.preview", nil, nil)
	if content.Photo, err = s.smallPhoto(c, p.now()); err != nil {
		return err
	}
	e, err := drawn(file, content)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, e.kind)
	c.Set(fiber.HeaderContentDisposition, `inline; filename="preview-`+file+`"`)
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	return c.Send(e.body)
}

func (s *Server) previewCAP(c *fiber.Ctx, a alerts.Actor) error {
	p, err := s.previewOf(c, a)
	if err != nil {
		return err
	}
	text, err := s.capPreview(c, p)
	if err == nil && text == "" {
		err = alerts.Errorf(alerts.NotFound, "An internal alert does not leave the desk.")
	}
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, cap.MIMEType)
	return c.SendString(text)
}

// listCriteria answers the lists of criteria that are in force.
func (s *Server) listCriteria(c *fiber.Ctx, _ alerts.Actor) error {
	return c.JSON(whole(alerts.CriteriaOn(s.criteria, s.Now())))
}
