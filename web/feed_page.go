package web

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

// feedData is where a partner stands in its feed and what it was sent.
type feedData struct {
	partners.FeedStatement
	Own   bool
	marks map[uint64]journal.Mark
}

// Mark is the mark of a change that a line names.
func (d feedData) Mark(number uint64) journal.Mark { return d.marks[number] }

// File is the address of the statement as a file.
func (d feedData) File() string {
	if d.Own {
		return apiPrefix + "/partner/statement?limit=200"
	}
	return apiPrefix + "/partners/" + d.PartnerID + "/statement?limit=200"
}

// NextCursor asks for the next page, "" on the last.
func (d feedData) NextCursor() string { return orEmpty(d.Next) }

// ExactSeconds is a date and a time to the second, with its zone: what is to be
// compared with somebody else's records.
func (p *Page) ExactSeconds(t time.Time) string {
	return p.Date(t) + " " + t.In(p.Zone).Format("15:04:05 MST")
}

func (s *Server) statementOf(c *fiber.Ctx, a alerts.Actor, limit int) (partners.FeedStatement, error) {
	q := queryIn(c)
	cursor, asked := q.page()
	if err := q.Err(); err != nil {
		return partners.FeedStatement{}, err
	}
	id := strings.Clone(cmp.Or(c.Params("id"), a.Partner))
	// Who may not see the partner must not learn of its connections either, so
	// the statement decides; positions of nobody are none.
	at, err := s.Feeds.Positions(c.UserContext(), id)
	if err != nil {
		return partners.FeedStatement{}, err
	}
	return s.Partners.FeedStatement(c.UserContext(), a, id, at, cursor, cmp.Or(asked, limit))
}

func (s *Server) feedPage(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.statementOf(c, a, 25)
	if err != nil {
		return err
	}
	d := feedData{FeedStatement: v, Own: a.Partner != "", marks: map[uint64]journal.Mark{}}
	for _, m := range v.Marks {
		d.marks[m.Number] = m
	}
	layout := layoutConsole
	if d.Own {
		layout = layoutPartner
	}
	return s.render(c, layout, "partner_feed", d)
}

// readStatement gives the statement as a file that is kept: whoever has it can
// ask at any later time whether the changes that it names are still there.
func (s *Server) readStatement(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.statementOf(c, a, 0)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="feed-statement.json"`)
	return c.Send(append(text, '\n'))
}
