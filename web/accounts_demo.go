package web

import (
	"slices"
	"sync"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// demoDoor remembers which accounts of the demonstration have been entered. Its
// codes may be used again and again, unlike real ones.
type demoDoor struct {
	mu     sync.Mutex
	emails map[string]string
}

// opens tells whether a code is one of the demonstration's.
func (d *Demo) opens(code string) bool {
	return d != nil && slices.ContainsFunc(d.Links, func(l DemoLink) bool {
		return alerts.NormalCode(l.Code) != "" && alerts.NormalCode(l.Code) == alerts.NormalCode(code)
	})
}

// enterDemo begins a session for a code of the demonstration. The first use
// accepts the invitation, with the code as the password; later ones sign in.
func (s *Server) enterDemo(c *fiber.Ctx, code string) (string, alerts.Actor, error) {
	code = alerts.NormalCode(code)
	s.demo.mu.Lock()
	defer s.demo.mu.Unlock()
	if email, ok := s.demo.emails[code]; ok {
		return s.Door.SignIn(c.UserContext(), alerts.Credentials{Email: email, Password: code, Network: s.networkKey(c)})
	}
	token, a, err := s.Door.Accept(c.UserContext(), alerts.Acceptance{Code: code, Password: code, Network: s.networkKey(c)})
	if err != nil {
		return "", alerts.Actor{}, err
	}
	if acc, ok := s.Alerts.Board.Account(a.ID); ok {
		s.demo.emails[code] = acc.Email
	}
	return token, a, nil
}
