package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// knownData is what may be about the same child or caller as a form.
type knownData struct {
	Form  *Form
	Items []alerts.KnownItem
	// Asked says that the form was held back to ask; Draft that it was to be kept
	// as a draft.
	Asked, Draft bool
	// Contact says that it is the form of a contact, which can be linked.
	Contact bool
}

// knownQueryFrom asks about the children, the place and the caller of a form.
func knownQueryFrom(f *Form) alerts.KnownQuery {
	q := alerts.KnownQuery{
		Place: f.Get("last_seen.label"), At: f.Point("last_seen.place"), Phone: f.Get("caller.phone"), Caller: f.Get("caller.name"),
		Except: f.All("not_same"),
	}
	if id := f.Get("contact"); id != "" {
		q.Of = "contacts/" + id
	}
	for _, b := range f.ChildBlocks() {
		if child := (alerts.KnownChild{Names: f.names(b), BirthDate: f.Get(b.Path + ".birth_date")}); len(child.Names) > 0 {
			q.Children = append(q.Children, child)
		}
	}
	return q
}

// knownTo looks for what may be the same as a form. The faults of the form are
// told elsewhere.
func (s *Server) knownTo(c *fiber.Ctx, a alerts.Actor, f *Form) (*knownData, error) {
	faults := len(f.Errors)
	q := knownQueryFrom(f)
	f.Errors = f.Errors[:faults]
	v, err := s.Alerts.Known(c.UserContext(), a, q)
	if alerts.CodeOf(err) == alerts.Invalid {
		return &knownData{Form: f}, nil
	}
	return &knownData{Form: f, Items: v.Items}, err
}

// decided takes in what somebody said about the records that a form showed:
// that one of them, or none, is about the same child.
func (f *Form) decided() (anyway bool) {
	if one := f.Get("not_this"); one != "" {
		f.Values.Add("not_same", one)
	}
	act, anyway := strings.CutPrefix(f.Get("act"), "anyway_")
	if anyway {
		f.Set("act", act)
		f.Values["not_same"] = append(f.Values["not_same"], f.All("known_shown")...)
	}
	return anyway
}

// heldBack tells whether somebody must first look at what is known already; nil
// when nothing is in the way.
func (s *Server) heldBack(c *fiber.Ctx, a alerts.Actor, f *Form, anyway bool) (*knownData, error) {
	if anyway {
		return nil, nil
	}
	d, err := s.knownTo(c, a, f)
	if err != nil || len(d.Items) == 0 {
		return nil, err
	}
	d.Asked, d.Draft = true, f.Get("act") == "draft"
	return d, nil
}

// showHeldBack shows a form again because something may be known already.
func (s *Server) showHeldBack(c *fiber.Ctx, err error, show func() error) error {
	if err != nil {
		return err
	}
	c.Status(fiber.StatusConflict)
	return show()
}

// knownPart answers a page that asks while somebody types: the same words as the
// page without script has.
func (s *Server) knownPart(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	d, err := s.knownTo(c, a, f)
	if err != nil {
		return err
	}
	d.Contact = f.Values.Has("channel")
	return s.renderPart(c, "case_new", "known_items", d)
}

// renderPart answers with one part of a page, for a page that stands already.
func (s *Server) renderPart(c *fiber.Ctx, page, part string, data any) error {
	p := s.page(c, page, data)
	args, err := dict("P", p, "K", data)
	if err != nil {
		return err
	}
	out, err := s.pages.executeOne(part, page, args)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(out)
}

// knownAlready answers the same question to programs.
func (s *Server) knownAlready(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := alerts.KnownQuery{Place: q.text("place"), Phone: q.text("phone"), Caller: q.text("caller"), Except: q.list("except"), Of: q.text("of")}
	child := alerts.KnownChild{BirthDate: q.text("birth_date")}
	if given, family := q.text("given"), q.text("family"); given+family != "" {
		child.Names = []alerts.Name{{Given: given, Family: family}}
		in.Children = []alerts.KnownChild{child}
	}
	v, err := s.Alerts.Known(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return c.JSON(v)
}
