package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// meView says to somebody who they are here.
type meView struct {
	ID        string         `json:"id"`
	Kind      alerts.Kind    `json:"kind"`
	Role      alerts.Role    `json:"role"`
	Name      string         `json:"name"`
	Partner   string         `json:"partner,omitempty"`
	Levels    []alerts.Level `json:"levels,omitempty"`
	Regions   []string       `json:"regions,omitempty"`
	ExpiresAt time.Time      `json:"expires_at,omitzero"`
}

func (s *Server) me(c *fiber.Ctx, a alerts.Actor) error {
	return c.JSON(meView{a.ID, a.Kind, a.Role, a.Name, a.Partner, a.Levels, a.Regions, a.ExpiresAt})
}

func accountVersion(v alerts.AccountView) int { return v.Version }

func invitedVersion(v alerts.InvitedAccount) int { return v.Version }

func (s *Server) createAccount(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewAccount](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.CreateAccount(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/accounts/"+v.ID, v.Version, v)
}

func (s *Server) listAccounts(c *fiber.Ctx, a alerts.Actor) error {
	all, err := s.Alerts.Accounts(a)
	if err != nil {
		return err
	}
	return c.JSON(whole(all))
}

func (s *Server) readAccount(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Alerts.Account(a, c.Params("id"))
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) disableAccount(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Alerts.DisableAccount, accountVersion)
}

func (s *Server) inviteAccount(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Alerts.InviteAccount, invitedVersion)
}

func (s *Server) createToken(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewToken](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.CreateToken(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/accounts/"+c.Params("id")+"/tokens/"+v.ID, 0, v)
}

func (s *Server) revokeToken(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Alerts.RevokeToken(c.UserContext(), a, c.Params("id"), c.Params("token"), s.request(c, a, nil))
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}
