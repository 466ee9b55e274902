package web

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// How many unread sightings, waiting reports and overdue duties of each kind the
// desk names one by one.
const (
	unreadShown  = 6
	reportsShown = 8
	dutiesShown  = 8
)

type deskData struct {
	Work   alerts.WorkList
	Unread []alerts.SightingView
	// Live are the live alerts with who has not answered yet.
	Live []liveAlert
	// Overdue and Soon are the promises; Duties are answers that institutions
	// owe and clocks that have run out.
	Overdue, Soon []alerts.WorkPromise
	Duties        []partners.DeadlineItem
	MoreDuties    int
	// Reports are the first of the public reports that wait for a case.
	Reports []alerts.ContactView
	// Calls is how many partners that keep silent are to be telephoned.
	Calls int
	// Matches is how many children another hotline may hold too; Unusual are
	// those hotlines that ask for more than is usual.
	Matches int
	Unusual []*partners.Partner
	// Quiet says that nothing waits at all.
	Quiet bool
}

type liveAlert struct {
	alerts.WorkAlert
	Told, Answered, Asked int
}

// deskPage is the start of a shift: what is live, overdue, unread, unanswered
// and promised.
func (s *Server) deskPage(c *fiber.Ctx, a alerts.Actor) error {
	ctx := c.UserContext()
	w, err := s.Alerts.Work(ctx, a)
	if err != nil {
		return err
	}
	d := deskData{Work: w, Live: s.liveAlerts(a, w.LiveAlerts)}
	for _, p := range w.Promises {
		if p.Overdue {
			d.Overdue = append(d.Overdue, p)
		} else {
			d.Soon = append(d.Soon, p)
		}
	}
	if w.NewSightings > 0 && s.Matrix.Route(a.Role, "GET /desk/sightings") {
		if d.Unread, err = s.unread(ctx, a); err != nil {
			return err
		}
	}
	if len(w.Reports) > 0 && s.Matrix.Route(a.Role, "GET /desk/contacts") {
		open, err := s.Alerts.Contacts(ctx, a, alerts.ContactQuery{Open: true, Limit: reportsShown})
		if err != nil {
			return err
		}
		d.Reports = open.Items
	}
	if s.Matrix.Route(a.Role, "GET /desk/deadlines") {
		if err := s.duties(ctx, a, &d); err != nil {
			return err
		}
	}
	if s.Matrix.Can(a.Role, "delivery.call") {
		calls, err := s.Partners.Calls(a)
		if err != nil {
			return err
		}
		d.Calls = len(calls)
	}
	if s.Matrix.Can(a.Role, "match.agree") {
		d.Matches = s.Partners.WaitingMatches(a)
	}
	d.Unusual = s.Partners.UnusualComparisons(a)
	d.Quiet = d.Matches+len(d.Unusual)+d.Calls+len(w.Objections)+len(w.LiveAlerts)+len(w.Promises)+len(w.Unreported)+len(w.Reports)+len(w.Closings)+w.NewSightings+len(d.Duties) == 0
	return s.render(c, layoutConsole, "desk", d)
}

func (s *Server) unread(ctx context.Context, a alerts.Actor) ([]alerts.SightingView, error) {
	list, err := s.Alerts.Sightings(ctx, a, alerts.SightingQuery{States: []alerts.SightingState{alerts.SightingNew}, Limit: unreadShown})
	return viewsOf(list), err
}

func viewsOf(list alerts.SightingList) []alerts.SightingView {
	out := make([]alerts.SightingView, len(list.Features))
	for i, f := range list.Features {
		out[i] = f.Properties
	}
	return out
}

// duties are what is overdue apart from promises to people.
func (s *Server) duties(ctx context.Context, a alerts.Actor, d *deskData) error {
	for _, kind := range []partners.DeadlineKind{partners.DeadlineJourney, partners.DeadlineContact, partners.DeadlineClock, partners.DeadlineProcedure, partners.DeadlineStay, partners.DeadlineMeasure, partners.DeadlineCaseStep, partners.DeadlineTask} {
		list, err := s.Partners.Deadlines(ctx, a, partners.DeadlineFilter{Kind: kind, State: "overdue", Limit: dutiesShown})
		if err != nil {
			return err
		}
		d.Duties = append(d.Duties, list.Items...)
		d.MoreDuties += list.Overdue - len(list.Items)
	}
	return nil
}

// liveAlerts counts per alert who was told, who has answered and who asks.
func (s *Server) liveAlerts(a alerts.Actor, live []alerts.WorkAlert) []liveAlert {
	out := make([]liveAlert, len(live))
	for i, al := range live {
		out[i].WorkAlert = al
		ledger, err := s.Partners.Deliveries(a, al.ID)
		if err != nil {
			continue // who may not read ledgers sees the alert without the counts
		}
		out[i].Told = len(ledger)
		for _, l := range ledger {
			switch l.State {
			case partners.DeliveryQuestion:
				out[i].Asked++
			case partners.DeliveryAccepted, partners.DeliveryDeclined, partners.DeliveryDone, partners.DeliveryRemoved:
				out[i].Answered++
			}
		}
	}
	slices.SortStableFunc(out, func(x, y liveAlert) int { return y.waits() - x.waits() })
	return out
}

func (l liveAlert) waits() int { return l.Told - l.Answered + 1000*l.Asked }

// Waiting counts the partners that have not answered.
func (l liveAlert) Waiting() int { return l.Told - l.Answered - l.Asked }
