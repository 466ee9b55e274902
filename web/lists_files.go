package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// listFileRoutes are lists as files: as a table, or as JSON, with the filters of
// the list and all its pages.
func (s *Server) listFileRoutes() []route {
	contacts := []string{"case", "kind", "channel", "language", "taken_by", "open", "unreferred", "promised", "sort"}
	return []route{
		api("GET", "/contacts.csv", tableFile("contacts", contactQuery, s.Partners.ContactsCSV), contacts...),
		api("GET", "/contacts.json", jsonFile("contacts", contactQuery, s.Partners.ExportContacts), contacts...),
		api("GET", "/alerts.csv", tableFile("alerts", alertQuery, s.Partners.AlertsCSV), "case", "state", "drafts", "sort"),
		api("GET", "/alerts.json", jsonFile("alerts", alertQuery, s.Partners.ExportAlerts), "case", "state", "drafts", "sort"),
		api("GET", "/abductions.csv", tableFile("matters", matterFilter, s.Partners.MattersCSV), "state", "sort"),
		api("GET", "/abductions.json", jsonFile("matters", matterFilter, s.Partners.ExportMatters), "state", "sort"),
		api("GET", "/referrals.csv", tableFile("referrals", referralFilter, s.Partners.ReferralsCSV), "state", "sort"),
		api("GET", "/referrals.json", jsonFile("referrals", referralFilter, s.Partners.ExportReferrals), "state", "sort"),
	}
}

// tableFile makes a handler that answers a query with a table.
func tableFile[Q any](name string, read func(*query) Q, list func(context.Context, alerts.Actor, Q) ([]byte, error)) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error {
		q := queryIn(c)
		in := read(q)
		if err := q.Err(); err != nil {
			return err
		}
		file, err := list(c.UserContext(), a, in)
		if err != nil {
			return err
		}
		return sendFile(c, mimeCSV, name+".csv", file)
	}
}

// jsonFile makes a handler that answers a query with all its rows.
func jsonFile[Q, T any](name string, read func(*query) Q, list func(context.Context, alerts.Actor, Q) ([]T, error)) handler {
	return func(c *fiber.Ctx, a alerts.Actor) error {
		q := queryIn(c)
		in := read(q)
		if err := q.Err(); err != nil {
			return err
		}
		rows, err := list(c.UserContext(), a, in)
		if err != nil {
			return err
		}
		file, err := json.Marshal(alerts.Page[T]{Items: rows})
		if err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		return sendFile(c, fiber.MIMEApplicationJSON, name+".json", file)
	}
}

// ListFile is the query with which a list can be had as a file, as the page's
// filters stand.
func (p *Page) ListFile(names ...string) string {
	q := url.Values{}
	for _, name := range names {
		if v := p.query.Get(name); v != "" {
			q.Set(name, v)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// contactFile is ListFile for contacts, whose page has other filters than the
// API.
func contactFile(q alerts.ContactQuery) string {
	out := url.Values{}
	for _, f := range [][2]string{{"case", q.Case}, {"kind", q.Kind}, {"channel", q.Channel}, {"language", q.Language}, {"taken_by", q.TakenBy}, {"sort", q.Order}} {
		if f[1] != "" {
			out.Set(f[0], f[1])
		}
	}
	for name, on := range map[string]bool{"open": q.Open, "unreferred": q.Unreferred, "promised": q.Promised} {
		if on {
			out.Set(name, "true")
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "?" + out.Encode()
}
