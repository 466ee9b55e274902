package web

import (
	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

type alertListData struct {
	Items  []alertLine
	Next   string
	Form   *Form
	States []alerts.AlertState
	Orders []string
}

// alertLine is one alert of the list with where its partners stand.
type alertLine struct {
	alerts.AlertView
	Headline partnerText
	Ledger   ledger
}

func alertStates() []alerts.AlertState {
	return []alerts.AlertState{alerts.AlertDraft, alerts.AlertLive, alerts.AlertCancelled, alerts.AlertExpired}
}

// alertsPage lists alerts, newest first unless another order is asked for.
func (s *Server) alertsPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	in := alerts.AlertQuery{Drafts: q.flag("drafts"), Order: q.one("sort", alerts.AlertOrders())}
	if state := q.one("state", words(alertStates())); state != "" {
		in.States = []alerts.AlertState{alerts.AlertState(state)}
	}
	in.Cursor, in.Limit = q.page()
	if err := q.Err(); err != nil {
		return err
	}
	list, err := s.Alerts.Alerts(c.UserContext(), a, in)
	if err != nil {
		return err
	}
	d := alertListData{Next: orEmpty(list.Next), Form: s.newForm("state", q.text("state"), "drafts", q.text("drafts"), "sort", in.Order), States: alertStates(), Orders: alerts.AlertOrders()}
	for _, v := range list.Items {
		line := alertLine{AlertView: v, Headline: headline(v.Texts, s.texts.languageOf(c))}
		if ledger, err := s.Partners.Deliveries(a, v.ID); err == nil {
			line.Ledger = ledgerOf(ledger)
		}
		d.Items = append(d.Items, line)
	}
	return s.render(c, layoutConsole, "alert_list", d)
}

// orEmpty is the cursor of the next page, empty on the last.
func orEmpty(next *string) string {
	if next == nil {
		return ""
	}
	return *next
}
