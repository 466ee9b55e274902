package web

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
	"homeward/partners/ical"
)

// calendarRefresh is how often programs are asked to look again, and
// calendarAlarm how long before a day begins they remind: at nine in the morning
// of the day before.
const (
	calendarRefresh = time.Hour
	calendarAlarm   = 15 * time.Hour
)

// calendarAddress is the private link. Calendar programs can send no header, so
// its token stands in the address; logs hold the route's pattern only.
func (s *Server) calendarAddress(c *fiber.Ctx, token string) string {
	return s.origin(c) + "/calendar/" + token + ".ics"
}

// calendarFeed is the calendar of whoever holds the link: numbers, kinds and
// days of deadlines, and links that need a sign-in.
func (s *Server) calendarFeed(c *fiber.Ctx, _ alerts.Actor) error {
	reader, lang, err := s.Alerts.CalendarActor(c.Params("token"))
	if err != nil {
		return err
	}
	items, err := s.Partners.OwnDeadlines(c.UserContext(), reader, "calendar")
	if err != nil {
		return err
	}
	p := s.noticePage(lang)
	// Without the stamp, which changes each day, the tag only changes with what
	// the calendar says.
	sum := sha256.Sum256(s.calendar(p, s.origin(c), items, time.Time{}))
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	if slices.Contains(strings.Split(strings.ReplaceAll(c.Get(fiber.HeaderIfNoneMatch), " ", ""), ","), tag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="homeward.ics"`)
	return c.Send(s.calendar(p, s.origin(c), items, s.Now().UTC().Truncate(24*time.Hour)))
}

// calendar writes deadlines without a name, a place or an institution.
func (s *Server) calendar(p *Page, origin string, items []partners.DeadlineItem, stamp time.Time) []byte {
	out := ical.Calendar{Product: "-//Homeward//Deadlines//EN", Name: p.Organisation(), Refresh: calendarRefresh}
	for i := range items {
		it := &items[i]
		if it.Due == nil {
			continue
		}
		e := ical.Event{
			UID: s.eventID(it), Stamp: stamp, Day: *it.Due, Summary: p.noticeNumber(it) + " · " + p.T("deadline.kind_"+string(it.Kind)),
			URL: origin + p.DeadlineHref(*it), Alarm: calendarAlarm,
		}
		if it.DueAt != nil {
			e.Day, e.At, e.Length, e.Alarm = "", *it.DueAt, 15*time.Minute, time.Hour
		}
		out.Events = append(out.Events, e)
	}
	return ical.Encode(out)
}

// eventID is the same for one deadline each time, and says nothing.
func (s *Server) eventID(it *partners.DeadlineItem) string {
	mac := s.Alerts.Ring.MAC("calendar", []byte(it.Identity()))
	return hex.EncodeToString(mac[:16]) + "@" + s.Alerts.Sender
}

// noticePage is a page for texts that leave without one: e-mails and calendars.
func (s *Server) noticePage(lang string) *Page {
	if !slices.Contains(languages(), lang) {
		lang = languages()[0]
	}
	return &Page{s: s, Lang: lang, Now: s.Now(), Zone: s.zone()}
}

// noticeNumber is what a deadline is called where nothing personal may stand.
func (p *Page) noticeNumber(it *partners.DeadlineItem) string {
	switch {
	case it.CaseNumber != "":
		return it.CaseNumber
	case it.PreventionNumber != "":
		return it.PreventionNumber
	}
	return p.T("digest.no_case")
}
