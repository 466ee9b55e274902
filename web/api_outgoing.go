package web

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// outgoing is an alert as somebody outside the desk, or on it, may fetch it.
type outgoing struct {
	alert *alerts.Alert
	// public is set for readers who get what everybody gets.
	public bool
	// may tells whether the reader gets a revision.
	may func(*alerts.Revision) bool
}

// readAlertRoute is the route whose roles are the desk.
const readAlertRoute = "GET " + apiPrefix + "/alerts/:id"

func noAlert() error {
	return alerts.Errorf(alerts.NotFound, "There is nothing here that you can see.")
}

func endedAlert() error {
	return alerts.Errorf(alerts.Gone, "This alert has ended. Remove it everywhere; the Cancel is at cancel.xml.")
}

// outgoing finds an alert for a reader: the desk gets what it may see, a partner
// what was addressed to it, anybody what is public. Who could read an alert
// learns that it has ended; for everybody else there never was one.
func (s *Server) outgoing(ctx context.Context, a alerts.Actor, id string) (outgoing, error) {
	switch {
	case a.Partner != "":
		return s.toPartner(ctx, a, id)
	case s.Matrix.Route(a.Role, readAlertRoute):
		if _, err := s.Alerts.Alert(ctx, a, id); err != nil {
			return s.toPublic(id)
		}
		al, ok := s.Alerts.Board.Alert(id)
		if !ok || al.Current() == nil {
			return outgoing{}, noAlert()
		}
		if al.State.Ended() {
			return outgoing{}, endedAlert()
		}
		return outgoing{al, false, leavesDesk}, nil
	}
	return s.toPublic(id)
}

func leavesDesk(r *alerts.Revision) bool { return r.Level != alerts.LevelInternal }

// toPartner adds the partner to those told before anything is read.
func (s *Server) toPartner(ctx context.Context, a alerts.Actor, id string) (outgoing, error) {
	may := func(r *alerts.Revision) bool {
		return leavesDesk(r) && s.Partners.InScope(a, r)
	}
	if x, ok := s.Partners.PartnerBoard().DrillAlert(id); ok {
		if _, sees := s.Partners.PartnerBoard().ToldOf(a.Partner, id); !sees {
			return outgoing{}, noAlert()
		}
		return outgoing{x, false, may}, nil
	}
	al, ok := s.Alerts.Board.Alert(id)
	if ok && al.State == alerts.AlertLive && may(al.Current()) {
		err := s.Partners.Address(ctx, a.Partner, []string{id})
		if err == nil {
			it, _ := s.Partners.PartnerBoard().Look(a.Partner, id)
			return outgoing{al, false, func(r *alerts.Revision) bool { return may(r) && r.Number >= it.From }}, nil
		}
		if alerts.CodeOf(err) != alerts.NotFound {
			return outgoing{}, err
		}
	}
	if out, err := s.toPublic(id); err == nil {
		return out, nil
	}
	if _, left := s.Partners.LeftKey(a, id); left {
		return outgoing{}, endedAlert()
	}
	told, sees := s.Partners.PartnerBoard().ToldOf(a.Partner, id)
	if told && (!ok || !sees || al.State.Ended()) {
		return outgoing{}, endedAlert()
	}
	return s.toPublic(id) // which says whether it is over, or never was
}

func (s *Server) toPublic(id string) (outgoing, error) {
	al, ok := s.Alerts.Board.Alert(id)
	if !ok || !everPublic(al) {
		return outgoing{}, noAlert()
	}
	if _, _, err := s.appeal(al.Slug); err != nil {
		return outgoing{}, endedAlert()
	}
	return outgoing{al, true, func(r *alerts.Revision) bool { return r.Level.IsPublic() }}, nil
}

func everPublic(al *alerts.Alert) bool {
	return slices.ContainsFunc(al.Revisions, func(r alerts.Revision) bool { return r.Level.IsPublic() })
}

// revision finds a released revision for the reader, 0 for the newest.
func (o outgoing) revision(n int) (*alerts.Revision, error) {
	for i := len(o.alert.Revisions) - 1; i >= 0; i-- {
		if r := &o.alert.Revisions[i]; (n == 0 || r.Number == n) && o.may(r) {
			return r, nil
		}
	}
	return nil, noAlert()
}

// alertPhoto answers the photo of an alert to whoever may have it.
func (s *Server) alertPhoto(c *fiber.Ctx, a alerts.Actor) error {
	return s.sendAlertPhoto(c, a, c.Params("id"))
}

func (s *Server) sendAlertPhoto(c *fiber.Ctx, a alerts.Actor, id string) error {
	out, err := s.outgoing(c.UserContext(), a, id)
	if err != nil {
		return err
	}
	r, err := out.revision(0)
	if err != nil {
		return err
	}
	photo := r.PhotoID
	if out.public {
		v, _, err := s.appeal(out.alert.Slug)
		if err != nil {
			return err
		}
		photo = v.PhotoID
	}
	cs, ok := s.Alerts.Board.Case(out.alert.CaseID)
	if !ok || photo == "" {
		return alerts.Errorf(alerts.NotFound, "This alert has no photo.")
	}
	read := func() ([]byte, error) { return s.Alerts.OpenPhoto(c.UserContext(), cs, photo) }
	if !out.public && a.Partner == "" {
		read = func() ([]byte, error) { return s.Alerts.CasePhoto(c.UserContext(), a, cs.ID, photo) }
	}
	jpeg, err := read()
	if err != nil {
		return err
	}
	return sendPicture(c, jpeg)
}

// alertLinks are the addresses of what belongs to an alert, for partners.
func (s *Server) alertLinks(c *fiber.Ctx, al *alerts.Alert) alerts.Links {
	own := s.origin(c) + alertAddress(al.ID)
	l := alerts.Links{CAP: own + "/cap.xml", Page: s.origin(c) + "/partner/alerts/" + al.ID, Photo: own + "/photo"}
	if r := al.Current(); al.Slug != "" && r != nil && r.Level.IsPublic() {
		l.Poster = s.origin(c) + "/appeals/" + al.Slug + "/poster.pdf"
	}
	return l
}
