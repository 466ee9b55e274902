package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// preventionFromContact fills the form of a new prevention record with what the
// contact that it begins with says.
func (s *Server) preventionFromContact(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	id := f.Get("contact_id")
	if id == "" {
		return nil
	}
	v, err := s.Alerts.Contact(c.UserContext(), a, id)
	if err != nil {
		return err
	}
	var who []string
	if v.Caller != nil {
		who = append(who, v.Caller.Name, v.Caller.Phone, v.Caller.Email)
	}
	who = append(who, v.Relation)
	f.Set("worried", strings.Join(nonEmpty(who), ", "))
	f.Set("feared", v.Asked)
	if v.Report != nil {
		f.Set("children[0].name", v.Report.ChildName)
		f.Set("feared", strings.Join(nonEmpty([]string{v.Asked, v.Report.Circumstances}), "\n"))
	}
	return nil
}

// nonEmpty are the texts that are not empty.
func nonEmpty(all []string) []string {
	var out []string
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
