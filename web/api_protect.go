package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

func mediationVersion(v partners.MediationView) int { return v.Version }

func preventionVersion(v partners.PreventionView) int { return v.Version }

// protectRoutes are what is hidden from a party, mediation, and prevention.
func (s *Server) protectRoutes() []route {
	return []route{
		api("GET", "/protection", s.protectionData),
		api("POST", "/cases/:id/parties", s.addParty),
		api("POST", "/cases/:id/hidden", s.hideFacts),
		api("POST", "/cases/:id/hidden/:hiding/lift", s.liftHiding),
		api("GET", "/abductions/:id/yellow", s.yellowCheck),
		api("GET", "/abductions/:id/mediations", s.listMediations),
		api("POST", "/abductions/:id/mediations", s.openMediation),
		api("GET", "/mediations", s.ownMediations),
		api("GET", "/mediations/:id", s.readMediation),
		api("PATCH", "/mediations/:id", s.patchMediation),
		api("PATCH", "/mediations/:id/inside", s.patchInside),
		api("GET", "/preventions", s.listPreventions, paged("state", "case")...),
		api("POST", "/preventions", s.openPrevention),
		api("GET", "/preventions/:id", s.readPrevention),
		api("PATCH", "/preventions/:id", s.patchPrevention),
		api("POST", "/preventions/:id/factors", onPrevention(s, s.Partners.MarkFactors)),
		api("POST", "/preventions/:id/measures", onPrevention(s, s.Partners.AddMeasure)),
		api("POST", "/preventions/:id/measures/:part", onPart(s, s.Partners.ChangeMeasure)),
		api("POST", "/preventions/:id/consents", onPrevention(s, s.Partners.AddPermission)),
		api("POST", "/preventions/:id/consents/:part", onPart(s, s.Partners.EndPermission)),
		api("POST", "/preventions/:id/journeys", onPrevention(s, s.Partners.AddJourney)),
		api("POST", "/preventions/:id/journeys/:part", onPart(s, s.Partners.StepJourney)),
		api("POST", "/preventions/:id/told", onPrevention(s, s.Partners.AddTelling)),
		api("POST", "/me/digest", s.setDigest),
		api("POST", "/me/calendar", s.makeCalendar),
		api("DELETE", "/me/calendar", s.revokeCalendar),
		api("GET", "/digests", s.listDigests),
	}
}

func (s *Server) protectionData(c *fiber.Ctx, _ alerts.Actor) error {
	return c.JSON(s.Partners.Protection())
}

func (s *Server) addParty(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.NewParty](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.AddParty(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, caseAddress(c.Params("id")), 0, v)
}

func (s *Server) hideFacts(c *fiber.Ctx, a alerts.Actor) error {
	return on(s, c, a, s.Alerts.HideFacts, caseVersion)
}

func (s *Server) liftHiding(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[alerts.Lifting](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Alerts.LiftHiding(c.UserContext(), a, c.Params("id"), c.Params("hiding"), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) yellowCheck(c *fiber.Ctx, a alerts.Actor) error {
	items, err := s.Partners.YellowCheck(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(whole(items))
}

func (s *Server) listMediations(c *fiber.Ctx, a alerts.Actor) error {
	items, err := s.Partners.MediationsOf(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(whole(items))
}

func (s *Server) ownMediations(c *fiber.Ctx, a alerts.Actor) error {
	items, err := s.Partners.OwnMediations(c.UserContext(), a)
	if err != nil {
		return err
	}
	return c.JSON(whole(items))
}

func (s *Server) openMediation(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewMediation](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.OpenMediation(c.UserContext(), a, c.Params("id"), in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/mediations/"+v.ID, v.Version, v)
}

func (s *Server) readMediation(c *fiber.Ctx, a alerts.Actor) error {
	return read(c, a, s.Partners.Mediation, mediationVersion)
}

func (s *Server) patchMediation(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.MediationPatch](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.PatchMediation(c.UserContext(), a, c.Params("id"), ifMatch(c), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) patchInside(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.InsidePatch](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.PatchInside(c.UserContext(), a, c.Params("id"), ifMatch(c), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

func (s *Server) listPreventions(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := partners.PreventionFilter{State: q.one("state", partners.PreventionStates()), Case: q.text("case")}
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	page, err := s.Partners.Preventions(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	return c.JSON(page)
}

func (s *Server) openPrevention(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.NewPrevention](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.OpenPrevention(c.UserContext(), a, in, r)
	if err != nil {
		return err
	}
	return created(c, apiPrefix+"/preventions/"+v.ID, v.Version, v)
}

func (s *Server) readPrevention(c *fiber.Ctx, a alerts.Actor) error {
	return read(c, a, s.Partners.Prevention, preventionVersion)
}

func (s *Server) patchPrevention(c *fiber.Ctx, a alerts.Actor) error {
	in, r, err := take[partners.PreventionPatch](s, c, a)
	if err != nil {
		return err
	}
	v, err := s.Partners.PatchPrevention(c.UserContext(), a, c.Params("id"), ifMatch(c), in, r)
	if err != nil {
		return err
	}
	return answer(c, v.Version, v)
}

// onPrevention makes a handler of a command on a prevention record.
func onPrevention[In any](s *Server, do command[In, partners.PreventionView]) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error { return on(s, c, a, do, preventionVersion) }
}

// onPart makes a handler of a command on a part of a prevention record.
func onPart[In any](s *Server, do partCommand[In]) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error {
		in, r, err := take[In](s, c, a)
		if err != nil {
			return err
		}
		v, err := do(c.UserContext(), a, c.Params("id"), c.Params("part"), in, r)
		if err != nil {
			return err
		}
		return answer(c, v.Version, v)
	}
}
