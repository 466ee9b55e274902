package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type accountListData struct {
	Items []alerts.AccountView
	// Failed counts the daily e-mails that could not be sent.
	Failed int
}

func (s *Server) accountsPage(c *fiber.Ctx, a alerts.Actor) error {
	all, err := s.Alerts.Accounts(a)
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(x, y alerts.AccountView) int {
		return slices.Compare(alphabetical(x.Name), alphabetical(y.Name))
	})
	d := accountListData{Items: all}
	digests, err := s.Partners.Digests(a)
	if err != nil {
		return err
	}
	for _, g := range digests {
		if g.State == partners.DigestFailed {
			d.Failed++
		}
	}
	return s.render(c, layoutConsole, "account_list", d)
}

type accountNewData struct {
	Form     *Form
	Kinds    []alerts.Kind
	Roles    []alerts.Role
	Partners []Choice
}

// roles are those that an account can have.
func roles() []alerts.Role {
	return slices.DeleteFunc(alerts.Roles(), func(r alerts.Role) bool {
		return r == alerts.RolePublic || r == alerts.RoleTipster || r == alerts.RoleParent
	})
}

func (s *Server) accountNewPage(c *fiber.Ctx, _ alerts.Actor) error {
	return s.showAccountForm(c, s.newForm("kind", "person", "partner", c.Query("partner"), "language", SerbianLatin))
}

func (s *Server) showAccountForm(c *fiber.Ctx, f *Form) error {
	d := accountNewData{Form: f, Kinds: []alerts.Kind{alerts.KindPerson, alerts.KindService}, Roles: roles()}
	for _, p := range s.Partners.PartnerBoard().Partners() {
		d.Partners = append(d.Partners, Choice{p.ID, p.Name})
	}
	return s.render(c, layoutConsole, "account_new", d)
}

// accountMade makes an account and shows the invitation's link, this once and
// again when the answer is loaded again.
func (s *Server) accountMade(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.NewAccount{
		Kind: alerts.Kind(f.Get("kind")), Role: alerts.Role(f.Get("role")), Name: f.Get("name"), Email: f.Get("email"),
		Language: f.Get("language"), Partner: f.Get("partner"),
	}
	v, err := s.Alerts.CreateAccount(c.UserContext(), a, in, s.request(c, a, c.Body()))
	if f.Refused(err) {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showAccountForm(c, f)
	}
	if err != nil {
		return err
	}
	return s.showAccount(c, a, accountData{View: v.AccountView, Invitation: v.Invitation})
}

type accountData struct {
	View alerts.AccountView
	Form *Form
	// Partner is the organisation's name, for its people.
	Partner string
	// Invitation is a link that was made just now, Link its whole address, and
	// Made a token that was; both are shown this once.
	Invitation *alerts.Invitation
	Link       string
	Made       *alerts.MadeToken
	// Own is set on the reader's own account.
	Own bool
}

func (s *Server) accountPage(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Alerts.Account(a, c.Params("id"))
	if err != nil {
		return err
	}
	return s.showAccount(c, a, accountData{View: v})
}

func (s *Server) showAccount(c *fiber.Ctx, a alerts.Actor, d accountData) error {
	if d.Form == nil {
		d.Form = s.newForm()
	}
	if d.Invitation != nil {
		d.Link = s.origin(c) + "/invitation#" + d.Invitation.Code
	}
	if p, ok := s.Partners.PartnerBoard().Partner(d.View.Partner); ok {
		d.Partner = p.Name
	}
	d.Own = d.View.ID == a.ID
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.render(c, layoutConsole, "account", d)
}

func (s *Server) accountInvited(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Alerts.InviteAccount(c.UserContext(), a, c.Params("id"), s.request(c, a, c.Body()))
	if err != nil {
		return err
	}
	return s.showAccount(c, a, accountData{View: v.AccountView, Invitation: v.Invitation})
}

func (s *Server) accountDisabled(c *fiber.Ctx, a alerts.Actor) error {
	if _, err := s.Alerts.DisableAccount(c.UserContext(), a, c.Params("id"), s.request(c, a, c.Body())); err != nil {
		return err
	}
	return c.Redirect("/desk/accounts/"+c.Params("id"), fiber.StatusSeeOther)
}

func (s *Server) accountTokenMade(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := alerts.NewToken{Name: f.Get("name"), ExpiresAt: f.endOfDay("expires_at")}
	made, err := s.Alerts.CreateToken(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
	if err != nil && !f.Refused(err) {
		return err
	}
	v, again := s.Alerts.Account(a, c.Params("id"))
	if again != nil {
		return again
	}
	if err != nil {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showAccount(c, a, accountData{View: v, Form: f})
	}
	return s.showAccount(c, a, accountData{View: v, Made: &made})
}

func (s *Server) accountTokenRevoked(c *fiber.Ctx, a alerts.Actor) error {
	if _, err := s.Alerts.RevokeToken(c.UserContext(), a, c.Params("id"), c.Params("token"), s.request(c, a, c.Body())); err != nil {
		return err
	}
	return c.Redirect("/desk/accounts/"+c.Params("id"), fiber.StatusSeeOther)
}
