package web

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/alerts/cap"
	"homeward/alerts/pfif"
)

// takeCAP takes a message of a national system. It becomes a draft, or an end;
// nothing that comes in goes out by itself.
func (s *Server) takeCAP(c *fiber.Ctx, a alerts.Actor) error {
	kind, _, _ := strings.Cut(c.Get(fiber.HeaderContentType), ";")
	switch strings.TrimSpace(kind) {
	case cap.MIMEType, "application/xml", "text/xml":
	default:
		return fiber.NewError(fiber.StatusUnsupportedMediaType, "Send a CAP 1.2 message as application/cap+xml.")
	}
	m, err := cap.Read(c.Body())
	if errors.Is(err, cap.ErrInvalid) {
		return alerts.Errorf(alerts.Malformed, "%s", upperFirst(err.Error())+".")
	}
	if err != nil {
		return err
	}
	in, err := cap.MirrorOf(m, s.Regions.Home(), s.Regions)
	if err != nil {
		return err
	}
	r := s.request(c, a, c.Body())
	if r.Key == nil {
		// The message carries its own identity: sent twice, it is taken once.
		r.Key = s.Alerts.Ring.MAC("request", []byte(a.ID), []byte("cap"), []byte(in.Sender), []byte(in.Identifier), []byte(in.Kind))
		r.Body = s.Alerts.Ring.MAC("body", c.Body())
	}
	v, err := s.Alerts.Mirror(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, alertAddress(v.ID), v.Version, v)
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// partnerPFIF answers what a named partner sees as PFIF 1.4.
func (s *Server) partnerPFIF(c *fiber.Ctx, a alerts.Actor) error {
	all, err := s.Partners.PFIF(c.UserContext(), a, s.Config.Name, s.linksFor(c))
	if err != nil {
		return err
	}
	b, err := pfif.Write(all)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, pfif.MIMEType)
	return c.Send(b)
}
