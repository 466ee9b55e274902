package web

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// channelConsole is how the ledger names what comes from the partner's pages.
const channelConsole = "console"

// partnerCard is one alert as an organisation's people see it, with where the
// organisation itself stands with it.
type partnerCard struct {
	Alert alerts.PartnerAlert
	// Language is the one of Text: the reader's, or the best there is.
	Language string
	Text     alerts.DraftText
	Others   []partnerText
	Line     partners.DeliveryView
	Form     *Form
	// Colleagues are those to whom the reader may hand it.
	Colleagues []Choice
}

// partnerText is the alert in a further language.
type partnerText struct {
	Language string
	Text     alerts.DraftText
}

type partnerHome struct {
	Name  string
	Cards []partnerCard
	// Ended are withdrawals that the organisation has not confirmed, Leaving
	// those of alerts that go on without it.
	Ended, Leaving []partners.OwnDelivery
	// Requests is how many referrals wait for the organisation's answer.
	Requests int
	// Meetings is how many conferences wait for its answer.
	Meetings int
}

// partnerRoutes are the pages of partner organisations.
func (s *Server) partnerRoutes() []route {
	return []route{
		{"GET", "/partner", s.partnerHome},
		{"GET", "/partner/map", s.partnerMapPage},
		{"GET", "/partner/alerts/:id", s.partnerAlertPage},
		{"GET", "/partner/alerts/:id/photo", s.alertPhoto},
		{"POST", "/partner/alerts/:id/answer", s.partnerSays(s.Partners.Answer)},
		{"POST", "/partner/alerts/:id/done", s.partnerSays(s.Partners.Done)},
		{"POST", "/partner/alerts/:id/removed", s.partnerSays(s.Partners.Removed)},
		{"POST", "/partner/alerts/:id/handover", s.partnerHandsOver},
	}
}

// partnerHome shows what is asked of the organisation now, newest first, and
// what it has to remove.
func (s *Server) partnerHome(c *fiber.Ctx, a alerts.Actor) error {
	d, err := s.partnerAsked(c, a)
	if err != nil {
		return err
	}
	return s.render(c, layoutPartner, "partner_home", d)
}

// partnerAsked reads what is asked of the organisation now, newest first, and
// what it has to remove.
func (s *Server) partnerAsked(c *fiber.Ctx, a alerts.Actor) (partnerHome, error) {
	d := partnerHome{}
	live, err := s.Partners.PartnerAlerts(c.UserContext(), a, s.linksFor(c))
	if err != nil {
		return d, err
	}
	lines, err := s.Partners.OwnDeliveries(a)
	if err != nil {
		return d, err
	}
	if p, ok := s.Partners.PartnerBoard().Partner(a.Partner); ok {
		d.Name = p.Name
	}
	if s.Matrix.Route(a.Role, "GET /partner/referrals") {
		d.Requests = len(s.Partners.WaitingReferrals(a))
	}
	if s.Matrix.Route(a.Role, "GET /partner/conferences") {
		d.Meetings = len(s.Partners.WaitingInvitations(a))
	}
	slices.Reverse(live)
	for _, al := range live {
		d.Cards = append(d.Cards, s.partnerCard(c, al, lines, s.newForm()))
	}
	for _, l := range lines {
		switch {
		case !l.Withdrawn || l.State == partners.DeliveryRemoved:
		case l.WithdrawnFor == partners.ReasonNotAddressed:
			d.Leaving = append(d.Leaving, l)
		default:
			d.Ended = append(d.Ended, l)
		}
	}
	return d, nil
}

func (s *Server) partnerCard(c *fiber.Ctx, al alerts.PartnerAlert, lines []partners.OwnDelivery, f *Form) partnerCard {
	card := partnerCard{Alert: al, Form: f}
	card.Language = bestLanguage(al.Texts, s.texts.languageOf(c))
	card.Text = al.Texts[card.Language]
	for _, l := range sortedLanguages(al.Texts) {
		if l != card.Language {
			card.Others = append(card.Others, partnerText{l, al.Texts[l]})
		}
	}
	for _, l := range lines {
		if l.AlertID == al.ID {
			card.Line = l.DeliveryView
		}
	}
	return card
}

func sortedLanguages(texts map[string]alerts.DraftText) []string {
	var out []string
	for l := range texts {
		out = append(out, l)
	}
	slices.Sort(out)
	return out
}

// bestLanguage is the reader's language where the alert has it, else the other
// script of it, else English, else the first.
func bestLanguage(texts map[string]alerts.DraftText, reader string) string {
	wanted := []string{reader, English}
	if reader != English {
		wanted = []string{reader, SerbianLatin, SerbianCyrillic, "sr", English}
	}
	for _, l := range wanted {
		if _, ok := texts[l]; ok {
			return l
		}
	}
	if all := sortedLanguages(texts); len(all) > 0 {
		return all[0]
	}
	return reader
}

// partnerAlertPage shows one alert, which for the ledger is somebody opening it.
func (s *Server) partnerAlertPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.partnerOne(c, a, s.newForm())
}

func (s *Server) partnerOne(c *fiber.Ctx, a alerts.Actor, f *Form) error {
	al, err := s.Partners.PartnerAlert(c.UserContext(), a, c.Params("id"), s.linksFor(c))
	if err != nil {
		return err
	}
	if a.Kind == alerts.KindPerson {
		in := partners.Act{Revision: al.Revision, Channel: channelConsole}
		if _, err := s.Partners.Opened(c.UserContext(), a, al.ID, in, alerts.Request{}); err != nil {
			return err
		}
	}
	lines, err := s.Partners.OwnDeliveries(a)
	if err != nil {
		return err
	}
	card := s.partnerCard(c, al, lines, f)
	card.Colleagues = s.colleagues(a)
	return s.render(c, layoutPartner, "partner_alert", card)
}

// partnerSays carries out an answer, an outcome or a confirmed removal, and
// goes back to where it was given.
func (s *Server) partnerSays(do command[partners.Act, partners.DeliveryView]) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error {
		f, err := s.formOf(c)
		if err != nil {
			return err
		}
		in := partners.Act{
			Answer: partners.DeliveryState(f.Get("answer")), Reason: f.Get("reason"), Outcome: f.Get("outcome"), Counts: f.doneCounts(),
			Revision: f.Number("revision"), Channel: channelConsole,
		}
		if len(f.Errors) > 0 {
			c.Status(fiber.StatusUnprocessableEntity)
			return s.partnerOne(c, a, f)
		}
		_, err = do(c.UserContext(), a, c.Params("id"), in, s.request(c, a, c.Body()))
		if f.Refused(err) {
			c.Status(fiber.StatusUnprocessableEntity)
			return s.partnerOne(c, a, f)
		}
		if err != nil {
			return err
		}
		if f.Get("from") == "alert" {
			return c.Redirect("/partner/alerts/"+c.Params("id"), fiber.StatusSeeOther)
		}
		return c.Redirect("/partner", fiber.StatusSeeOther)
	}
}

// doneCounts reads what was done in numbers.
func (f *Form) doneCounts() partners.DoneCounts {
	return partners.DoneCounts{Posters: f.Number("counts.posters"), Shelters: f.Number("counts.shelters"), Places: f.Number("counts.places")}
}

// Done writes what was done in numbers, empty for nothing.
func (p *Page) Done(c partners.DoneCounts) string {
	var out []string
	for _, n := range []struct {
		key string
		n   int
	}{{"done.posters", c.Posters}, {"done.shelters", c.Shelters}, {"done.places", c.Places}} {
		if n.n > 0 {
			out = append(out, p.N(n.key, n.n))
		}
	}
	return strings.Join(out, ", ")
}

// Map is what the card's map shows: the area, fitted.
func (c partnerCard) Map() MapData {
	return MapData{Areas: c.Alert.Area.Geometries, Circles: c.Alert.Area.Circles, Fit: true}
}

// Drawn tells whether the area has a shape of its own besides whole regions.
func (c partnerCard) Drawn() bool {
	return len(c.Alert.Area.Geometries)+len(c.Alert.Area.Circles) > 0
}

// Answered tells whether the organisation has given an answer.
func (c partnerCard) Answered() bool {
	return slices.Contains([]partners.DeliveryState{partners.DeliveryAccepted, partners.DeliveryDeclined, partners.DeliveryQuestion, partners.DeliveryDone}, c.Line.State)
}

// Fresh tells whether nobody of the organisation has opened the alert yet.
func (c partnerCard) Fresh() bool { return c.Line.Times.Opened == nil }

// Region names a region in the reader's language.
func (p *Page) Region(code string) string {
	if r, ok := p.s.Regions.Lookup(code); ok {
		return r.Names.In(p.Lang)
	}
	return code
}
