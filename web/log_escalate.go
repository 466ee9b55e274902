package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
	"homeward/partners/abduction"
)

// escalateData is the page on which an entry is taken to a higher rung.
type escalateData struct {
	Base string
	View partners.EscalationView
	// Form is the letter as it would be sent; Rung is the one that it is for.
	Form      *Form
	Rung      *partners.RungView
	Languages []string
	Channels  []string
	Staff     []Choice
}

// wish reads which letter is asked for, in the addressee's language unless the
// address says another.
func (l logDoor) wish(c *fiber.Ctx, q *query) partners.RungWish {
	return partners.RungWish{
		Rung: q.text("rung"), InstitutionID: q.text("to"), Language: q.one("language", abduction.LetterLanguages()), Reader: l.s.texts.languageOf(c),
		From: l.s.Config.Name, Channel: l.s.channelWord,
	}
}

// channelWord names a channel in a language, for letters.
func (s *Server) channelWord(lang, channel string) string {
	if s.texts.has(lang, "channel."+channel) {
		return s.texts.text(lang, "channel."+channel, nil, nil)
	}
	return channel
}

func (l logDoor) escalatePage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	wish := l.wish(c, q)
	if err := q.Err(); err != nil {
		return err
	}
	return l.showEscalate(c, a, wish, nil)
}

// showEscalate shows the ladder; a form that is not given is the proposed
// letter.
func (l logDoor) showEscalate(c *fiber.Ctx, a alerts.Actor, wish partners.RungWish, f *Form) error {
	n, err := entryNumber(c)
	if err != nil {
		return err
	}
	d := escalateData{Base: l.base(c), Form: f, Languages: abduction.LetterLanguages(), Channels: contactChannels(), Staff: l.s.staff()}
	if d.View, err = l.s.Partners.Escalation(c.UserContext(), a, l.log(c), n, wish); err != nil {
		return err
	}
	if letter := d.View.Letter; letter != nil {
		i := slices.IndexFunc(d.View.Rungs, func(r partners.RungView) bool { return r.ID == letter.Rung })
		d.Rung = &d.View.Rungs[i]
		if d.Form == nil {
			d.Form = l.s.newForm("rung", letter.Rung, "institution_id", letter.InstitutionID, "language", letter.Language, "subject", letter.Subject,
				"text", letter.Text, "channel", "letter", "our_reference", d.View.Contact.OurReference, "next_owner", a.ID)
			d.Form.SetWhen("at", l.s.Now())
		}
	}
	return l.s.render(c, layoutConsole, "log_escalate", d)
}

// escalated records the letter as a new entry and leads to it, ready to print.
func (l logDoor) escalated(c *fiber.Ctx, a alerts.Actor) error {
	n, err := entryNumber(c)
	if err != nil {
		return err
	}
	f, err := l.s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.NewEscalation{
		Rung: f.Get("rung"), InstitutionID: f.Get("institution_id"), Channel: f.Get("channel"), At: f.When("at"), Language: f.Get("language"),
		Subject: f.Get("subject"), Text: f.Get("text"), Unit: f.Get("unit"), Person: f.Get("person"), Function: f.Get("function"),
		OurReference: f.Get("our_reference"), NextOwner: f.Get("next_owner"), Reader: l.s.texts.languageOf(c),
	}
	if len(f.Errors) == 0 {
		e, err := l.s.Partners.Escalate(c.UserContext(), a, l.log(c), n, in, l.s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect(l.base(c)+"/"+strconv.Itoa(e.N)+"/letter", fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	q := &query{values: f.Values}
	wish := l.wish(c, q)
	wish.InstitutionID = f.Get("institution_id")
	return l.showEscalate(c, a, wish, f)
}

// letterData is an entry as a letter to print.
type letterData struct {
	Base, Subject, Language string
	Entry                   partners.MatterContactView
	// To is the institution's entry, for its postal address.
	To partners.InstitutionView
}

// Post is the postal address that the directory has; empty without one.
func (d letterData) Post() string {
	for _, ch := range d.To.Channels {
		if ch.Kind == "post" {
			return ch.Value
		}
	}
	return ""
}

func (l logDoor) letterPage(c *fiber.Ctx, a alerts.Actor) error {
	n, err := entryNumber(c)
	if err != nil {
		return err
	}
	v, err := l.s.Partners.ContactLog(c.UserContext(), a, l.log(c))
	if err != nil {
		return err
	}
	if n > len(v.Contacts) || v.Contacts[n-1].Withheld || v.Contacts[n-1].Request == "" || v.Contacts[n-1].Direction != "out" {
		return fiber.ErrNotFound
	}
	d := letterData{Base: l.base(c), Entry: v.Contacts[n-1], Language: v.Contacts[n-1].Language}
	if len(d.Entry.Documents) > 0 && d.Entry.Escalates > 0 {
		d.Subject = d.Entry.Documents[0].Title
	}
	if d.To, err = l.s.Partners.Institution(c.UserContext(), a, d.Entry.InstitutionID); err != nil && alerts.CodeOf(err) != alerts.NotFound {
		return err
	}
	return l.s.render(c, layoutConsole, "log_letter", d)
}
