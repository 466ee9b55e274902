package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

const mimeCSV = "text/csv; charset=utf-8"

// directoryRoutes is the API of the directory beyond its entries, and of the
// barometer.
func (s *Server) directoryRoutes() []route {
	return []route{
		api("GET", "/institutions.csv", s.exportInstitutions),
		api("POST", "/institutions/import", s.importInstitutions, "apply"),
		api("GET", "/institutions-to-check", s.listToCheck),
		api("POST", "/institutions/:id/verify", s.verifyInstitution),
		api("POST", "/institutions/:id/forget-people", s.forgetPeople),
		api("GET", "/barometer", s.readBarometer, "from", "to", "public"),
		api("GET", "/barometer.csv", s.exportBarometer, "from", "to", "public"),
	}
}

func (s *Server) exportInstitutions(c *fiber.Ctx, a alerts.Actor) error {
	file, err := s.Partners.ExportInstitutions(c.UserContext(), a)
	if err != nil {
		return err
	}
	return sendFile(c, mimeCSV, "institutions.csv", file)
}

// importInstitutions takes the table itself as the body.
func (s *Server) importInstitutions(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	apply := q.flag("apply")
	if err := q.Err(); err != nil {
		return err
	}
	v, err := s.Partners.ImportInstitutions(c.UserContext(), a, c.Body(), apply, s.request(c, a, c.Body()))
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) listToCheck(c *fiber.Ctx, a alerts.Actor) error {
	list, err := s.Partners.InstitutionsToCheck(c.UserContext(), a)
	if err != nil {
		return err
	}
	return c.JSON(whole(list))
}

func (s *Server) verifyInstitution(c *fiber.Ctx, a alerts.Actor) error {
	if err := nothing(c); err != nil {
		return err
	}
	v, err := s.Partners.VerifyInstitution(c.UserContext(), a, c.Params("id"), ifMatch(c), s.request(c, a, c.Body()))
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) forgetPeople(c *fiber.Ctx, a alerts.Actor) error {
	return onBare(s, c, a, s.Partners.ForgetPeople, institutionVersion)
}

// period reads what a barometer is asked for.
func period(c *fiber.Ctx) (f partners.BarometerFilter, public bool, err error) {
	q := queryIn(c)
	f = partners.BarometerFilter{From: q.day("from"), To: q.day("to")}
	public = q.flag("public")
	return f, public, q.Err()
}

func (s *Server) readBarometer(c *fiber.Ctx, a alerts.Actor) error {
	f, public, err := period(c)
	if err != nil {
		return err
	}
	if public {
		v, err := s.Partners.PublicBarometer(c.UserContext(), a, f)
		if err != nil {
			return err
		}
		return c.JSON(v)
	}
	v, err := s.Partners.Barometer(c.UserContext(), a, f)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) exportBarometer(c *fiber.Ctx, a alerts.Actor) error {
	f, public, err := period(c)
	if err != nil {
		return err
	}
	var file []byte
	name := "barometer.csv"
	if public {
		var v partners.PublicBarometer
		if v, err = s.Partners.PublicBarometer(c.UserContext(), a, f); err == nil {
			file, err = v.CSV()
		}
		name = "barometer-public.csv"
	} else {
		var v partners.Barometer
		if v, err = s.Partners.Barometer(c.UserContext(), a, f); err == nil {
			file, err = v.CSV()
		}
	}
	if err != nil {
		return err
	}
	return sendFile(c, mimeCSV, name, file)
}
