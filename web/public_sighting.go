package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo/search"
)

// Reports from one network in an hour beyond which they are trusted less, and
// the least seconds that somebody needs to fill in a form.
const (
	sightingsAnHour = 20
	fastestForm     = 4 * time.Second
)

type sightingData struct {
	Form *Form
	// CaseNumber is the appeal that the reporter came from.
	CaseNumber string
	// PhotoKept says that a photo came with an earlier try and is still here.
	PhotoKept bool
	Sures     []string
	// Challenge is what the sender's device solves meanwhile, Bits how hard it is.
	Challenge string
	Bits      int
	// Wait is after how many seconds to send it again, 0 for at once.
	Wait  int
	Spans []Choice
}

func (s *Server) sightingForm(c *fiber.Ctx, _ alerts.Actor) error {
	f := s.newForm("case_number", c.Query("case"), "source", c.Query("s"), "shown", strconv.FormatInt(s.Now().Unix(), 10), "precision_min", "60")
	return s.showSighting(c, f)
}

func (s *Server) showSighting(c *fiber.Ctx, f *Form) error { return s.showSightingAfter(c, f, 0) }

// effortForm names the form that challenges of sightings are for.
const effortForm = "sighting"

func (s *Server) showSightingAfter(c *fiber.Ctx, f *Form, wait int) error {
	d := sightingData{Wait: wait, Form: f, CaseNumber: f.Get("case_number"), PhotoKept: len(f.All("photos")) > 0, Sures: alerts.Sures()}
	d.Challenge, d.Bits = s.effort.challenge(effortForm)
	p := s.page(c, "", nil)
	for _, min := range []int{5, 60, 240, 1440} {
		d.Spans = append(d.Spans, Choice{strconv.Itoa(min), p.T("seen.span_" + strconv.Itoa(min))})
	}
	return s.render(c, layoutPublic, "report_sighting", d)
}

// sightingSent takes a sighting. Whatever speaks against it makes it doubtful,
// never lost: the one true report may come from a busy network.
func (s *Server) sightingSent(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	if err := s.keepPhoto(c, f); err != nil {
		return err
	}
	switch {
	case f.Get("act") == "find":
		s.findPlaces(c, f, "place")
		return s.showSighting(c, f)
	case f.Get("act") == "photo_place":
		if err := s.usePhotoPlace(c, f, "photo", "place"); err != nil {
			return err
		}
		return s.showSighting(c, f)
	case f.Get("act") == "drop_photo":
		f.Values.Del("photos")
		return s.showSighting(c, f)
	}
	in := s.sightingFrom(c, f)
	if len(f.Errors) == 0 {
		behind, wait := s.effort.enter(s.effort.proven(effortForm, f.Get("effort"), f.Get("effort_answer")))
		if wait > 0 {
			c.Status(fiber.StatusTooManyRequests)
			c.Set(fiber.HeaderRetryAfter, strconv.Itoa(wait))
			return s.showSightingAfter(c, f, wait)
		}
		if behind {
			in.Doubt = append(in.Doubt, "not_proven")
		}
		receipt, err := s.Alerts.ReportSighting(c.UserContext(), alerts.Public(), in, s.request(c, alerts.Public(), c.Body()))
		if err == nil {
			return s.render(c, layoutPublic, "report_thanks", thanksData{Code: receipt.Code, Kind: "sighting"})
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showSighting(c, f)
}

func (s *Server) sightingFrom(c *fiber.Ctx, f *Form) alerts.NewSighting {
	in := alerts.NewSighting{
		CaseNumber: f.Get("case_number"), Source: f.Get("source"), ObservedAt: f.When("observed_at"), PrecisionMin: f.Number("precision_min"),
		Place: f.Point("place"), AccuracyM: f.Decimal("place.accuracy"), Text: f.Get("text"), Sure: f.Get("sure"),
		Language: s.texts.languageOf(c), Photos: f.All("photos"), Contact: f.contact(), Doubt: s.doubt(c, f, "sighting", sightingsAnHour),
		Network: network(s.client(c)),
	}
	in = f.answers(in)
	if q := f.Get("place.query"); q != "" && (in.Place == nil || search.HouseNumber(q)) {
		// A place that was typed and not looked up, or is in no list, is still a
		// place; and no list knows the number of a house.
		in.Text = strings.TrimSpace(in.Text + "\n" + s.page(c, "", nil).T("seen.place_named", "Place", q))
	}
	return in
}

// contact is who reports; nil when nothing was given.
func (f *Form) contact() *alerts.Reporter {
	r := alerts.Reporter{Name: f.Get("contact.name"), Phone: f.Get("contact.phone"), Email: f.Get("contact.email")}
	if r == (alerts.Reporter{}) {
		return nil
	}
	return &r
}

// doubt gathers what speaks against a report from the public.
func (s *Server) doubt(c *fiber.Ctx, f *Form, what string, anHour int) []string {
	var out []string
	if f.Get("website") != "" {
		out = append(out, "honeypot")
	}
	shown, err := strconv.ParseInt(f.Get("shown"), 10, 64)
	if err != nil || s.Now().Sub(time.Unix(shown, 0)) < fastestForm {
		out = append(out, "too_fast")
	}
	if s.limits.over(s.client(c), what, anHour) {
		out = append(out, "flood")
	}
	return out
}

// keepPhoto stores a photo that came with a form at once, so that it is not
// asked for again when a field needs another look.
func (s *Server) keepPhoto(c *fiber.Ctx, f *Form) error {
	p, err := s.pictureIn(c, "photo")
	if f.Refused(err) {
		return nil
	}
	if err != nil || p == nil {
		return err
	}
	up, err := s.Alerts.Upload(c.UserContext(), alerts.Public(), *p, alerts.Request{})
	if err != nil {
		return err
	}
	f.Set("photos", up.ID)
	return nil
}
