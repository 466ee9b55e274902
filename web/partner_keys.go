package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// KeyEnded tells whether a key opens nothing any more.
func (d ownData) KeyEnded(k partners.KeyView, p *Page) bool {
	return k.RevokedAt != nil || !k.ExpiresAt.After(p.Now)
}

// ownKeyRotated replaces a key of the reader's organisation and shows the new
// one's token, once.
func (s *Server) ownKeyRotated(c *fiber.Ctx, a alerts.Actor) error {
	made, err := s.Partners.RotateKey(c.UserContext(), a, a.Partner, c.Params("key"), s.request(c, a, c.Body()))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.showOwn(c, a, ownData{Made: &made})
}

func (s *Server) ownKeyRevoked(c *fiber.Ctx, a alerts.Actor) error {
	if _, err := s.Partners.RevokeKey(c.UserContext(), a, a.Partner, c.Params("key"), s.request(c, a, c.Body())); err != nil {
		return err
	}
	return c.Redirect("/partner/organisation#keys", fiber.StatusSeeOther)
}

func (s *Server) rotateOwnKey(c *fiber.Ctx, a alerts.Actor) error {
	r, err := s.bare(c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.RotateKey(c.UserContext(), a, a.Partner, c.Params("token"), r)
	if err != nil {
		return err
	}
	return created(c, "", 0, v)
}

func (s *Server) revokeOwnKey(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.Partners.RevokeKey(c.UserContext(), a, a.Partner, c.Params("token"), s.request(c, a, nil))
	if err != nil {
		return err
	}
	return c.JSON(v)
}
