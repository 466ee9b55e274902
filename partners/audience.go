package partners

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// AudienceView says who would get an alert, and why, and who is left out.
type AudienceView struct {
	AlertID  string         `json:"alert_id"`
	Revision int            `json:"revision"`
	Level    alerts.Level   `json:"level"`
	Partners []AudienceItem `json:"partners"`
	Excluded []AudienceItem `json:"excluded"`
	// Leaving are those who see the alert now and would see it no more.
	Leaving []AudienceItem `json:"leaving"`
	// MissingLanguages are spoken by somebody in the audience and not written.
	MissingLanguages []string `json:"missing_languages"`
}

// AudienceItem is one organisation of an audience.
type AudienceItem struct {
	PartnerID string   `json:"partner_id"`
	Name      string   `json:"partner_name"`
	Why       *geo.Why `json:"why,omitempty"`
	WhyText   string   `json:"because,omitempty"`
	// ByOrigin is set for one who matched by what was worked out for the area.
	ByOrigin bool `json:"by_origin,omitempty"`
	// New is set for one who does not see the alert now: it gets an alert, the
	// others an update.
	New bool `json:"new"`
	// Unread is set when the alert is in none of its languages.
	Unread bool `json:"no_common_language"`
	// Excluded is pending, suspended or no_agreement.
	Excluded string `json:"excluded,omitempty"`
}

// Audience returns who would get the draft of an alert, or gets its current
// revision when there is no draft.
func (d *Desk) Audience(a alerts.Actor, alertID string) (AudienceView, error) {
	al, err := d.VisibleAlert(a, alertID)
	if err != nil {
		return AudienceView{}, err
	}
	if !d.Matrix.Route(a.Role, "GET /api/v1/alerts/:id/audience") {
		return AudienceView{}, missing("alert " + alertID)
	}
	r := al.Draft
	if r == nil {
		r = al.Current()
	}
	out := AudienceView{AlertID: al.ID, Partners: []AudienceItem{}, Excluded: []AudienceItem{}, Leaving: []AudienceItem{}, MissingLanguages: []string{}}
	if r == nil {
		return out, nil
	}
	out.Revision, out.Level = r.Number, r.Level
	places := map[string]*place{}
	if t, ok := d.board.Told(alertID); ok {
		places = reach(t)
	}
	out.fill(d.board, r, places, d.limits, d.Now())
	return out, nil
}

func (v *AudienceView) fill(b *Board, r *alerts.Revision, places map[string]*place, l Limits, now time.Time) {
	var missing []string
	gets := map[string]bool{}
	for _, m := range b.matching(r, l) {
		p, ok := b.Partner(m.ID)
		if !ok {
			continue
		}
		at := places[p.ID]
		item := AudienceItem{PartnerID: p.ID, Name: p.Name, Why: &m.Why, WhyText: m.Why.String(), New: at == nil || at.ended}
		if item.ByOrigin = r.Origin.Explains(r.Area, m.Why); item.ByOrigin {
			item.WhyText += " (" + r.Origin.String() + ")"
		}
		if item.Excluded = p.excluded(now); item.Excluded != "" {
			v.Excluded = append(v.Excluded, item)
			continue
		}
		gets[p.ID] = true
		if !speaks(p.Languages, r.Texts) && len(p.Languages) > 0 {
			item.Unread = true
			missing = append(missing, p.Languages...)
		}
		v.Partners = append(v.Partners, item)
	}
	for id, at := range places {
		if p, ok := b.Partner(id); ok && !at.ended && !gets[id] {
			v.Leaving = append(v.Leaving, AudienceItem{PartnerID: id, Name: p.Name})
		}
	}
	for _, list := range [][]AudienceItem{v.Partners, v.Excluded, v.Leaving} {
		slices.SortFunc(list, func(x, y AudienceItem) int {
			return cmp.Or(strings.Compare(x.Name, y.Name), strings.Compare(x.PartnerID, y.PartnerID))
		})
	}
	slices.Sort(missing)
	v.MissingLanguages = append(v.MissingLanguages, slices.Compact(missing)...)
}

// speaks tells whether one of the texts is in one of the languages, by their
// primary part: sr reads both alphabets.
func speaks(languages []string, texts []alerts.Text) bool {
	for _, l := range languages {
		for i := range texts {
			if strings.EqualFold(primary(l), primary(texts[i].Language)) {
				return true
			}
		}
	}
	return false
}

func primary(language string) string {
	p, _, _ := strings.Cut(language, "-")
	return p
}

// matching returns the organisations, in whatever state, that a revision
// concerns. An internal alert concerns nobody outside.
func (b *Board) matching(r *alerts.Revision, l Limits) []geo.Match {
	if !slices.Contains(partnerLevels(), r.Level) {
		return nil
	}
	return b.index.Meeting(b.regions.Compile(r.Area), l.ToleranceM)
}

// addressees returns who is to be told of a revision now: the board's index,
// corrected by what the batch has decided about organisations meanwhile.
func (d *Desk) addressees(v *journal.View, r *alerts.Revision) []addressee {
	pending := map[string]*Partner{}
	for _, doc := range v.Pending("partners") {
		p := doc.(*Partner)
		pending[p.ID] = p
	}
	found := d.board.matching(r, d.limits)
	out := make([]addressee, 0, len(found))
	var last geo.Why // most of a country's partners match for the same reason
	why := because(last)
	for _, m := range found {
		if pending[m.ID] != nil {
			continue
		}
		if p, ok := d.board.Partner(m.ID); ok && p.excluded(v.Now) == "" {
			if m.Why != last {
				last, why = m.Why, because(m.Why)
			}
			out = append(out, addressee{m.ID, why})
		}
	}
	for _, p := range pending {
		if why, ok := d.concerns(p, r, v.Now); ok {
			out = append(out, addressee{p.ID, why})
		}
	}
	slices.SortFunc(out, func(x, y addressee) int { return strings.Compare(x.id, y.id) })
	return out
}

// concerns tells whether one organisation is to be told of a revision, and why,
// exactly as the index does for all.
func (d *Desk) concerns(p *Partner, r *alerts.Revision, now time.Time) (string, bool) {
	if p.excluded(now) != "" {
		return "", false
	}
	return d.covers(p, r)
}

// covers tells whether a revision would be for an organisation if nothing stood
// against it.
func (d *Desk) covers(p *Partner, r *alerts.Revision) (string, bool) {
	if !slices.Contains(partnerLevels(), r.Level) {
		return "", false
	}
	var one geo.AreaIndex
	one.Put(p.ID, d.Regions.Compile(p.Coverage))
	found := one.Meeting(d.Regions.Compile(r.Area), d.limits.ToleranceM)
	if len(found) == 0 {
		return "", false
	}
	return because(found[0].Why), true
}

// because writes a reason as it is kept in a round: code, region, metres.
func because(w geo.Why) string {
	return fmt.Sprintf("%s:%s:%d", w.Code, w.Region, int(math.Round(w.DistanceM)))
}

// whyOf reads what because wrote.
func whyOf(s string) *geo.Why {
	parts := strings.SplitN(s, ":", 3)
	if len(parts) != 3 {
		return nil
	}
	w := geo.Why{Code: parts[0], Region: parts[1]}
	if _, err := fmt.Sscan(parts[2], &w.DistanceM); err != nil {
		return nil
	}
	return &w
}
