package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

type caseConferencesData struct {
	caseFrame
	Items []partners.ConferenceView
}

type conferenceNewData struct {
	caseFrame
	Form  *Form
	Staff []Choice
}

// conferenceData is one conference; Case is empty for who sees the conference
// but not the case.
type conferenceData struct {
	View partners.ConferenceView
	Case alerts.CaseView
	// Refused is the form of the act that was refused.
	Refused partForm
	Staff   []Choice
}

// conferenceInviteData is the form that invites, or changes what is shared with
// one that is invited.
type conferenceInviteData struct {
	caseFrame
	View partners.ConferenceView
	// One is who is invited already, nil for a new invitation.
	One                           *partners.InvitationView
	Form                          *Form
	Staff, Receivers, Institution []Choice
}

// conferencePrintData is the minutes as one audience reads them: an organisation,
// or people of ours when For is nil.
type conferencePrintData struct {
	View partners.ConferenceView
	Case alerts.CaseView
	For  *partners.OwnConference
	Name string
}

// conferencePages are the pages of case conferences for staff.
func (s *Server) conferencePages() []route {
	return []route{
		{"GET", "/desk/cases/:id/conferences", s.caseConferences},
		{"GET", "/desk/cases/:id/conferences/new", s.conferenceNewPage},
		{"POST", "/desk/cases/:id/conferences", s.conferenceCalled},
		{"GET", "/desk/conferences/:id", s.conferencePage},
		{"GET", "/desk/conferences/:id/invite", s.conferenceInvitePage},
		{"GET", "/desk/conferences/:id/print", s.conferencePrint},
		{"POST", "/desk/conferences/:id/:act", s.conferenceActed},
	}
}

// partnerConferencePages are those for the organisations that are invited.
func (s *Server) partnerConferencePages() []route {
	return []route{
		{"GET", "/partner/conferences", s.partnerConferences},
		{"GET", "/partner/conferences/:id", s.partnerConferencePage},
		{"POST", "/partner/conferences/:id/:act", s.partnerConferenceActed},
	}
}

func conferencePath(id string) string { return "/desk/conferences/" + id }

func (s *Server) caseConferences(c *fiber.Ctx, a alerts.Actor) error {
	frame, err := s.caseFrameOf(c, a, "conferences")
	if err != nil {
		return err
	}
	d := caseConferencesData{caseFrame: frame}
	if d.Items, err = s.Partners.ConferencesOf(c.UserContext(), a, frame.Case.ID); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "case_conferences", d)
}

func (s *Server) conferenceNewPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showConferenceNew(c, a, s.newForm("chair", a.ID, "mode", "in_person"))
}

func (s *Server) showConferenceNew(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	frame, err := s.caseFrameOf(c, a, "conferences")
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "conference_new", conferenceNewData{frame, f, s.staff()})
}

func (s *Server) conferenceCalled(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := partners.NewConference{At: f.When("at"), Mode: f.Get("mode"), Place: f.Get("place"), Chair: f.Get("chair"), Agenda: f.lines("agenda")}
	if len(f.Errors) == 0 {
		v, err := s.Partners.CallConference(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect(conferencePath(v.ID), fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showConferenceNew(c, a, f)
}

func (s *Server) conferencePage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showConference(c, a, partForm{})
}

func (s *Server) showConference(c *fiber.Ctx, a alerts.Actor, refused partForm) error {
	v, of, err := s.conferenceOf(c, a)
	if err != nil {
		return err
	}
	return s.render(c, layoutConsole, "conference", conferenceData{v, of, refused, s.staff()})
}

// conferenceOf reads a conference and its case. Whoever sees the conference but
// not the case goes without its names.
func (s *Server) conferenceOf(c *fiber.Ctx, a alerts.Actor) (partners.ConferenceView, alerts.CaseView, error) {
	v, err := s.Partners.Conference(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return v, alerts.CaseView{}, err
	}
	of, err := s.Alerts.Case(c.UserContext(), a, v.CaseID)
	if alerts.CodeOf(err) == alerts.NotFound {
		return v, alerts.CaseView{}, nil
	}
	return v, of, err
}

func (s *Server) conferenceInvitePage(c *fiber.Ctx, a alerts.Actor) error {
	f := s.newForm()
	f.SetWhen("until", s.Now().AddDate(0, 1, 0))
	return s.showConferenceInvite(c, a, f, c.Query("invitation"), false)
}

func (s *Server) showConferenceInvite(c *fiber.Ctx, a alerts.Actor, f *Form, invitation string, refused bool) error {
	v, err := s.Partners.Conference(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	frame, err := s.caseFrameFor(c, a, v.CaseID, "conferences")
	if err != nil {
		return err
	}
	d := conferenceInviteData{caseFrame: frame, View: v, Form: f, Staff: s.staff(), Receivers: s.invitable()}
	for i := range v.Invited {
		if v.Invited[i].ID == invitation {
			d.One = &v.Invited[i]
		}
	}
	if invitation != "" && d.One == nil {
		return fiber.ErrNotFound
	}
	if d.One != nil && !refused {
		f.shown(d.One)
	}
	if d.Institution, err = s.institutionChoices(c, a, ""); err != nil {
		return err
	}
	return s.render(c, layoutConsole, "conference_invite", d)
}

// conferencePrint is the minutes on paper: "for" names the invitation whose
// share they keep to.
func (s *Server) conferencePrint(c *fiber.Ctx, a alerts.Actor) error {
	v, of, err := s.conferenceOf(c, a)
	if err != nil {
		return err
	}
	d := conferencePrintData{View: v, Case: of}
	if invitation := c.Query("for"); invitation != "" {
		own, err := s.Partners.ConferenceFor(c.UserContext(), a, v.ID, invitation)
		if err != nil {
			return err
		}
		d.For, d.Case = &own, alerts.CaseView{}
		for _, i := range v.Invited {
			if i.ID == invitation {
				d.Name = i.Name
			}
		}
	}
	return s.render(c, layoutConsole, "conference_print", d)
}

func (s *Server) conferenceActed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	act := c.Params("act")
	if act == "invite" || act == "share" {
		return s.conferenceInvited(c, a, act, f)
	}
	part := f.part(act)
	in := f.conferenceAct(part)
	return s.submit(c, f, conferencePath(c.Params("id"))+"#"+conferenceAnchor(act), func() error {
		_, err := s.Partners.ActOnConference(c.UserContext(), a, c.Params("id"), act, in, s.request(c, a, c.Body()))
		return err
	}, func(bool) error {
		f.placePart(part)
		return s.showConference(c, a, partForm{f, part})
	})
}

func (s *Server) conferenceInvited(c *fiber.Ctx, a alerts.Actor, act string, f *Form) error {
	in := partners.ConferenceAct{
		Invitation: f.Get("invitation"), Account: f.Get("account"), PartnerID: f.Get("partner_id"), InstitutionID: f.Get("institution_id"),
		Until: f.When("until"), Voice: f.On("voice"), Share: f.shares(),
	}
	return s.submit(c, f, conferencePath(c.Params("id"))+"#invited", func() error {
		_, err := s.Partners.ActOnConference(c.UserContext(), a, c.Params("id"), act, in, s.request(c, a, c.Body()))
		return err
	}, func(bool) error {
		f.placeShares(in.Share)
		return s.showConferenceInvite(c, a, f, f.Get("invitation"), true)
	})
}

type partnerConferenceData struct {
	View    partners.OwnConference
	Refused partForm
}

func (s *Server) partnerConferences(c *fiber.Ctx, a alerts.Actor) error {
	return s.render(c, layoutPartner, "partner_conferences", s.Partners.OwnConferences(a))
}

func (s *Server) partnerConferencePage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showPartnerConference(c, a, partForm{})
}

func (s *Server) showPartnerConference(c *fiber.Ctx, a alerts.Actor, refused partForm) error {
	v, err := s.Partners.OwnConference(c.UserContext(), a, c.Params("id"))
	if err != nil {
		return err
	}
	return s.render(c, layoutPartner, "partner_conference", partnerConferenceData{v, refused})
}

func (s *Server) partnerConferenceActed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	part := f.part(c.Params("act"))
	return s.submit(c, f, "/partner/conferences/"+c.Params("id"), func() error {
		_, err := s.Partners.ActOnOwnConference(c.UserContext(), a, c.Params("id"), c.Params("act"), f.conferenceAct(part), s.request(c, a, c.Body()))
		return err
	}, func(bool) error {
		f.placePart(part)
		return s.showPartnerConference(c, a, partForm{f, part})
	})
}
