package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
	"homeward/partners"
)

// alertContent is one revision as the desk reads it before it goes out, or as
// it went out.
type alertContent struct {
	alerts.RevisionView
	Written  []partnerText
	Decision *alerts.DecisionView
	Photo    *alerts.PhotoView
	// Of is the case, for how old the child is on the photo.
	Of alerts.CaseView
	// Worked is what the area was worked out from, nil where it was drawn.
	Worked *workedArea
}

type alertData struct {
	View alerts.AlertView
	Case alerts.CaseView
	// Now is the newest released content, nil before the first release; Draft
	// is what waits for its release.
	Now, Draft *alertContent
	Headline   partnerText
	Audience   partners.AudienceView
	Ready      readyList
	Ledger     ledger
	// Recall is every place to which a version went.
	Recall partners.RecallView
	Form   *Form
	// Own is set when the reader wrote the draft, Emergency when they may let
	// it out alone.
	Own, Emergency bool
	// Review is set while a release by one person waits for somebody to look at
	// it, ReviewOwn when that release was the reader's.
	Review, ReviewOwn bool
	// Sources are the ways to the public page, with what each has brought.
	Sources []sourceView
	// Stale says that the alert changed while the reader had it open.
	Stale bool
}

func (s *Server) alertPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showAlert(c, a, alertData{Form: s.newForm()})
}

func (s *Server) showAlert(c *fiber.Ctx, a alerts.Actor, d alertData) error {
	var err error
	if d.View, d.Case, err = s.edited(c, a); err != nil {
		return err
	}
	if len(d.View.Revisions) > 0 {
		d.Now = s.content(d.View.RevisionView, d.Case)
	}
	if d.View.Draft != nil {
		d.Draft = s.content(*d.View.Draft, d.Case)
		if d.Audience, err = s.Partners.Audience(a, d.View.ID); err != nil {
			return err
		}
		ready, err := s.Partners.Readiness(a, d.View.ID, s.outgoingWays(c.UserContext()))
		if err != nil {
			return err
		}
		d.Ready = readyOf(ready)
	}
	d.Headline = headline(d.View.Texts, s.texts.languageOf(c))
	lines, err := s.Partners.Deliveries(a, d.View.ID)
	if err != nil {
		return err
	}
	d.Ledger = ledgerOf(lines)
	if d.Recall, err = s.Partners.RecallNow(c.UserContext(), a, d.View.ID); err != nil {
		return err
	}
	s.releasers(a, &d)
	if al, ok := s.Alerts.Board.Alert(d.View.ID); ok {
		d.Sources = s.sourcesOf(s.origin(c), al)
	}
	return s.render(c, layoutConsole, "alert", d)
}

// releasers finds out who the reader is to the draft and to an open review.
func (s *Server) releasers(a alerts.Actor, d *alertData) {
	al, ok := s.Alerts.Board.Alert(d.View.ID)
	if !ok {
		return
	}
	if al.Draft != nil {
		d.Own = al.Draft.Author == a.ID
		d.Emergency = d.Own && s.Matrix.Can(a.Role, "alert.release_emergency") &&
			(!al.Draft.Level.IsPublic() || s.Matrix.Can(a.Role, "alert.release_public"))
	}
	for _, r := range al.Revisions {
		if r.Emergency != nil && r.Emergency.ReviewedAt.IsZero() {
			d.Review, d.ReviewOwn = true, d.ReviewOwn || r.ReleasedBy == a.ID
		}
	}
}

func headline(texts map[string]alerts.DraftText, reader string) partnerText {
	l := bestLanguage(texts, reader)
	return partnerText{l, texts[l]}
}

func (s *Server) content(r alerts.RevisionView, c alerts.CaseView) *alertContent {
	out := &alertContent{RevisionView: r, Of: c, Worked: s.worked(r.Origin)}
	for _, l := range sortedLanguages(r.Texts) {
		out.Written = append(out.Written, partnerText{l, r.Texts[l]})
	}
	for i := range c.Decisions {
		if c.Decisions[i].ID == r.DecisionID {
			out.Decision = &c.Decisions[i]
		}
	}
	for i := range c.Photos {
		if c.Photos[i].ID == r.PhotoID {
			out.Photo = &c.Photos[i]
		}
	}
	return out
}

// LastSeen is where the child was last seen, for the map.
func (d alertData) LastSeen() *geo.Point { return lastSeenOf(d.Case) }

// Consent tells whether the family has agreed that the public is told.
func (d alertData) Consent(p *Page) bool { return publicConsent(d.Case, p) }

// Newly are the partners that get the draft without having its alert now, and
// Updated those that have it.
func (d alertData) Newly() []partners.AudienceItem { return d.heard(true) }

// Updated are the partners that have the alert now and get the draft.
func (d alertData) Updated() []partners.AudienceItem { return d.heard(false) }

func (d alertData) heard(first bool) []partners.AudienceItem {
	return slices.DeleteFunc(slices.Clone(d.Audience.Partners), func(i partners.AudienceItem) bool { return i.New != first })
}

// OriginOf is what the area was worked out from by which a partner matched, nil
// for none.
func (d alertData) OriginOf(l ledgerLine) *alerts.AreaOrigin {
	if n := l.FirstRevision; l.ByOrigin != "" && 0 < n && n <= len(d.View.Revisions) {
		return d.View.Revisions[n-1].Origin
	}
	return nil
}

// Printable tells whether the public sees the alert now, and posters of it can be
// made.
func (d alertData) Printable() bool {
	return d.View.State == alerts.AlertLive && d.Now != nil && d.Now.Level.IsPublic()
}

// PaperFiles are the forms of a poster as choices.
func (p *Page) PaperFiles() []Choice {
	var out []Choice
	for _, f := range alerts.PaperFiles() {
		out = append(out, Choice{f, p.T("recall.file_" + f)})
	}
	return out
}

// PapersLeft tells whether nobody has confirmed that the desk's posters and
// images are taken down.
func (d alertData) PapersLeft() bool {
	return slices.ContainsFunc(d.Recall.Items, func(p partners.RecallPlace) bool {
		return p.Place == partners.PlacePaper && p.State == partners.RecallUnconfirmed
	})
}

// ByProgram tells whether a program wrote the draft, as a public level then
// takes two people besides.
func (d alertData) ByProgram() bool {
	return d.Draft != nil && d.Draft.AuthorKind == alerts.KindService
}

// alertReleased lets the draft out that the reader has seen: the form carries
// its hash, so that nothing else goes out in its place.
func (s *Server) alertReleased(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.Release{ContentHash: f.Get("content_hash")}
	if f.On("alone") {
		in.Emergency = &alerts.EmergencyReason{Reason: f.Get("emergency.reason")}
	}
	_, err = s.Partners.Release(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
	return s.alertDone(c, a, f, err)
}

// alertDone goes back to the alert, or shows it again with what was wrong.
func (s *Server) alertDone(c *fiber.Ctx, a alerts.Actor, f *Form, err error) error {
	switch {
	case err == nil:
		return c.Redirect("/desk/alerts/"+c.Params("id"), fiber.StatusSeeOther)
	case f.Refused(err):
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showAlert(c, a, alertData{Form: f})
	case alerts.CodeOf(err) == alerts.Conflict:
		c.Status(fiber.StatusConflict)
		return s.showAlert(c, a, alertData{Form: f, Stale: true})
	}
	return err
}

// alertCancelled takes an alert back, at once and by one person.
func (s *Server) alertCancelled(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Alerts.CancelAlert(c.UserContext(), a, c.Params("id"), alerts.Cancel{Reason: f.Get("reason")}, s.request(c, a, c.Body()))
	return s.alertDone(c, a, f, err)
}

// alertReviewed notes that a second person has looked at an emergency release.
func (s *Server) alertReviewed(c *fiber.Ctx, a alerts.Actor) error {
	_, err := s.Alerts.ReviewAlert(c.UserContext(), a, c.Params("id"), s.request(c, a, c.Body()))
	return s.alertDone(c, a, s.newForm(), err)
}
