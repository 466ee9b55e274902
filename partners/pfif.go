package partners

import (
	"context"
	"fmt"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/alerts/pfif"
)

// PFIF returns the children of the alerts that the actor's organisation sees, as
// records of the People Finder Interchange Format, and a placeholder for each
// that it has to remove and has not confirmed. Only an organisation that is
// named for it gets any. Being told is committed and the read recorded before
// anything is returned.
func (d *Desk) PFIF(ctx context.Context, a alerts.Actor, author string, links func(*alerts.Alert) alerts.Links) ([]pfif.Person, error) {
	p, ok := d.board.Partner(a.Partner)
	if a.Partner == "" || !ok {
		return nil, missing("PFIF export")
	}
	if !p.PFIF {
		return nil, alerts.Errorf(alerts.Forbidden, "This organisation is not named for the PFIF export. Ask the hotline.")
	}
	live, err := d.PartnerAlerts(ctx, a, links)
	if err != nil {
		return nil, err
	}
	var out []pfif.Person
	for i := range live {
		if c, ok := d.caseBehind(live[i].AlertID); ok {
			out = append(out, personsOf(&live[i], c, author, d.Now())...)
		}
	}
	for _, it := range append(d.board.Unconfirmed(a.Partner), d.LeftKeys(a)...) {
		w, err := d.board.Withdrawal(a.Partner, it)
		if err != nil {
			return nil, err
		}
		// When the case has been erased nobody knows how many children it had: the
		// records of the others run out by themselves.
		count := 1
		if c, ok := d.caseBehind(it.AlertID); ok {
			count = max(1, len(c.Children))
		}
		for n := range count {
			out = append(out, pfif.PlaceholderOf(pfifID(w.Sender, it.AlertID, n), w.Sent))
		}
	}
	return out, nil
}

func (d *Desk) caseBehind(id string) (*alerts.Case, bool) {
	al, ok := d.Desk.Board.Alert(id)
	if !ok {
		return nil, false
	}
	return d.Desk.Board.Case(al.CaseID)
}

// pfifID names the record of one child of an alert: domain and local id.
func pfifID(sender, alertID string, child int) string {
	domain := strings.ToLower(sender[strings.LastIndexByte(sender, '@')+1:])
	return fmt.Sprintf("%s/%s.%d", domain, alertID, child+1)
}

// personsOf writes the children of an alert with what a partner may have: what
// consent lets it know of the name, an age band, and the alert's own text.
func personsOf(v *alerts.PartnerAlert, c *alerts.Case, author string, now time.Time) []pfif.Person {
	text := pfifText(v)
	var out []pfif.Person
	for i, child := range alerts.ChildrenFor(c, "partners", now) {
		id := pfifID(v.Sender, v.AlertID, i)
		p := pfif.Person{
			RecordID: id, EntryDate: v.Sent, ExpiryDate: v.ExpiresAt, AuthorName: author, SourceName: author, SourceDate: v.Sent,
			SourceURL: v.Links.Page, FullName: child.Name, GivenName: child.Name, Description: text.Headline + "\n" + text.Description,
			Age: strings.TrimSuffix(child.AgeBand, "+"), PhotoURL: v.Links.Photo,
		}
		if p.FullName == "" {
			p.FullName = v.CaseNumber
		}
		if text.Instruction != "" {
			p.Notes = []pfif.Note{{
				RecordID: id + ".note", EntryDate: v.Sent, AuthorName: author, SourceDate: v.Sent, Status: "information_sought", Text: text.Instruction,
			}}
		}
		out = append(out, p)
	}
	return out
}

// pfifText is the text of an alert in English, or in whatever there is: the
// format knows one language.
func pfifText(v *alerts.PartnerAlert) alerts.DraftText {
	if t, ok := v.Texts["en"]; ok {
		return t
	}
	first := ""
	for l := range v.Texts {
		if first == "" || l < first {
			first = l
		}
	}
	return v.Texts[first]
}
