package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type blocksData struct {
	On, Ended []alerts.BlockView
	// Refused is the form of the block whose end was refused, Part its id.
	Refused *Form
	Part    string
	Alone   string
}

// blocksPage lists the callers that are blocked, and those that were lately.
func (s *Server) blocksPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showBlocks(c, a, blocksData{})
}

func (s *Server) showBlocks(c *fiber.Ctx, a alerts.Actor, d blocksData) error {
	var err error
	if d.On, err = s.Alerts.Blocks(c.UserContext(), a, false); err != nil {
		return err
	}
	if d.Ended, err = s.Alerts.Blocks(c.UserContext(), a, true); err != nil {
		return err
	}
	d.Alone = s.page(c, "", nil).Days(s.Alerts.BlockAlone())
	return s.render(c, layoutConsole, "caller_blocks", d)
}

type blockNewData struct {
	Form *Form
	// Who is the number or the address that is blocked, when it comes from a call
	// or a contact.
	Who   string
	Terms []Choice
	Alone string
}

func (s *Server) blockNewPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showBlockNew(c, a, s.newForm("call_id", c.Query("call"), "contact_id", c.Query("contact")))
}

func (s *Server) showBlockNew(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	p := s.page(c, "", nil)
	d := blockNewData{Form: f, Alone: p.Days(s.Alerts.BlockAlone())}
	for _, t := range s.Alerts.BlockTerms() {
		d.Terms = append(d.Terms, Choice{t.Key, p.Word("block_term", t.Key)})
	}
	var err error
	if d.Who, err = s.blockedWho(c, a, f); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "caller_block_new", d)
}

// blockedWho says whom the form is about. A contact whose number has no country
// code is no answer: then somebody completes the number.
func (s *Server) blockedWho(c *fiber.Ctx, a alerts.Actor, f *Form) (string, error) {
	if id := f.Get("call_id"); id != "" {
		v, err := s.Alerts.Call(c.UserContext(), a, id)
		return v.From, err
	}
	id := f.Get("contact_id")
	if id == "" {
		return "", nil
	}
	v, err := s.Alerts.Contact(c.UserContext(), a, id)
	if err != nil || v.Caller == nil {
		return "", err
	}
	switch {
	case v.Caller.Phone == "":
		return v.Caller.Email, nil
	case alerts.WholeNumber(v.Caller.Phone):
		return v.Caller.Phone, nil
	}
	if f.Get("phone") == "" {
		f.Set("phone", v.Caller.Phone)
	}
	return "", nil
}

func (s *Server) blockMade(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.NewBlock{
		Phone: f.Get("phone"), Email: f.Get("email"), CallID: f.Get("call_id"), ContactID: f.Get("contact_id"), Term: f.Get("term"), Reason: f.Get("reason"),
	}
	if in.Phone != "" || in.Email != "" {
		in.CallID, in.ContactID = "", "" // what somebody typed is meant
	}
	_, err = s.Alerts.BlockCaller(c.UserContext(), a, in, s.request(c, a, c.Body()))
	if err == nil {
		return c.Redirect("/desk/caller-blocks", fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showBlockNew(c, a, f)
}

func (s *Server) blockConfirmed(c *fiber.Ctx, a alerts.Actor) error {
	if _, err := s.Alerts.ConfirmBlock(c.UserContext(), a, c.Params("id"), s.request(c, a, c.Body())); err != nil {
		return err
	}
	return c.Redirect("/desk/caller-blocks", fiber.StatusSeeOther)
}

func (s *Server) blockEnded(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	_, err = s.Alerts.EndBlock(c.UserContext(), a, c.Params("id"), alerts.EndBlock{Reason: f.Get("reason")}, s.request(c, a, c.Body()))
	if err == nil {
		return c.Redirect("/desk/caller-blocks", fiber.StatusSeeOther)
	}
	if !f.Refused(err) {
		return err
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showBlocks(c, a, blocksData{Refused: f, Part: c.Params("id")})
}

// BlockOn is the block on whoever a contact is from, nil for none.
func (p *Page) BlockOn(v alerts.ContactView) *alerts.BlockView {
	return p.s.Alerts.BlockOnContact(p.Actor, &v)
}

// Nuisance tells whether a contact is of a kind for which somebody may be blocked,
// and there is a number or an address to block.
func (p *Page) Nuisance(v alerts.ContactView) bool {
	return p.Can("caller.block") && (v.Kind == "abusive" || v.Kind == "silent") && v.Caller != nil && v.Caller.Phone+v.Caller.Email != ""
}
