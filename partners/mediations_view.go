package partners

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// MediationView is a mediation as one reader sees it. Inside says whether they
// are named in it; Content is nil for everybody else.
type MediationView struct {
	ID         string    `json:"id"`
	Version    int       `json:"version"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
	CaseID     string    `json:"case_id"`
	CaseNumber string    `json:"case_number"`
	MatterID   string    `json:"matter_id"`

	OfferedOn string        `json:"offered_on,omitempty"`
	StartedOn string        `json:"started_on,omitempty"`
	EndedOn   string        `json:"ended_on,omitempty"`
	Outcome   string        `json:"outcome,omitempty"`
	Orders    []MirrorOrder `json:"orders,omitempty"`
	// Unenforceable are the two states of the matter in which an agreement has
	// no order yet.
	Unenforceable []string          `json:"unenforceable,omitempty"`
	OpenedBy      string            `json:"opened_by,omitempty"`
	Named         []string          `json:"named,omitempty"`
	Inside        bool              `json:"inside"`
	Content       *MediationContent `json:"content,omitempty"`
	// Wanting says what the mediators lack: two_mediators, professions,
	// languages.
	Wanting []string `json:"wanting,omitempty"`
}

// visibleMediation returns a mediation that the actor may know of, with its
// case: one they are named in, or one of a matter that is theirs to see.
func (d *Desk) visibleMediation(a alerts.Actor, id string) (*MediationRow, *alerts.Case, error) {
	row, ok := d.board.MediationRow(id)
	if !ok {
		return nil, nil, missing("mediation " + id)
	}
	c, ok := d.Board.Case(row.CaseID)
	if !ok {
		return nil, nil, missing("mediation " + id)
	}
	if slices.Contains(row.Named, a.ID) {
		return row, c, nil
	}
	matter, ok := d.board.Matter(row.MatterID)
	if !ok {
		return nil, nil, missing("mediation " + id)
	}
	if _, err := d.matterCase(a, row.CaseID, matter); err != nil || !d.Matrix.May(a, alerts.P3, c.State, d.onMatter(a, c, matter)) {
		return nil, nil, missing("mediation " + id)
	}
	return row, c, nil
}

// Mediation returns a mediation as the actor sees it.
func (d *Desk) Mediation(ctx context.Context, a alerts.Actor, id string) (MediationView, error) {
	_, c, err := d.visibleMediation(a, id)
	if err != nil {
		return MediationView{}, err
	}
	doc, err := d.Journal.Document(ctx, journal.Key{Collection: "mediations", ID: id})
	if err != nil {
		return MediationView{}, missing("mediation " + id)
	}
	m, ok := doc.(*Mediation)
	if !ok {
		return MediationView{}, fmt.Errorf("mediation %s: stored as %T", id, doc)
	}
	subject := "mediations/" + id
	if m.names(a) {
		subject += "/content"
	}
	if err := d.Reads.Record(ctx, a, subject, alerts.P3); err != nil {
		return MediationView{}, err
	}
	return d.mediationView(a, m, c), nil
}

// MediationsOf returns the mediations of a matter as the actor sees them, oldest
// first, without what is in them.
func (d *Desk) MediationsOf(ctx context.Context, a alerts.Actor, matterID string) ([]MediationView, error) {
	if _, _, err := d.visibleMatter(a, matterID); err != nil {
		return nil, err
	}
	out := []MediationView{}
	for _, row := range d.board.MediationRows() {
		if row.MatterID != matterID {
			continue
		}
		v, err := d.Mediation(ctx, a, row.ID)
		if alerts.CodeOf(err) == alerts.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		v.Content, v.Wanting = nil, nil
		out = append(out, v)
	}
	return out, nil
}

// OwnMediations returns the mediations that the actor is named in, newest
// first, without what is in them.
func (d *Desk) OwnMediations(ctx context.Context, a alerts.Actor) ([]MediationView, error) {
	out := []MediationView{}
	rows := d.board.MediationRows()
	slices.Reverse(rows)
	for _, row := range rows {
		if !slices.Contains(row.Named, a.ID) {
			continue
		}
		v, err := d.Mediation(ctx, a, row.ID)
		if alerts.CodeOf(err) == alerts.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		v.Content, v.Wanting = nil, nil
		out = append(out, v)
	}
	return out, nil
}

// mediationView is the allow-list of a mediation.
func (d *Desk) mediationView(a alerts.Actor, m *Mediation, c *alerts.Case) MediationView {
	inside := m.names(a)
	matter, _ := d.board.Matter(m.MatterID)
	v := MediationView{
		ID: m.ID, Version: m.Version, CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt, CaseID: m.CaseID, CaseNumber: c.CaseNumber, MatterID: m.MatterID,
		OfferedOn: m.OfferedOn, StartedOn: m.StartedOn, EndedOn: m.EndedOn, Outcome: m.Outcome, Orders: list(m.Orders), Inside: inside,
	}
	if matter != nil && (m.Outcome == "agreed" || m.Outcome == "partly") {
		for _, state := range []string{matter.FromState, matter.ToState} {
			if !slices.ContainsFunc(m.Orders, func(o MirrorOrder) bool { return o.State == state && o.GrantedOn != "" }) {
				v.Unenforceable = append(v.Unenforceable, state)
			}
		}
	}
	if inside || d.Matrix.May(a, alerts.P10, c.State, d.onMatter(a, c, matter)) {
		v.OpenedBy, v.Named = m.OpenedBy, list(m.Named)
	}
	if inside {
		content := m.Content
		content.Mediators, content.Sessions = list(content.Mediators), list(content.Sessions)
		content.Notes, content.Drafts = list(content.Notes), list(content.Drafts)
		v.Content, v.Wanting = &content, wanting(content.Mediators)
	}
	return v
}

// wanting compares the mediators with the model of the Wrocław Declaration:
// two, of both professions, who share more than one language.
func wanting(mediators []Mediator) []string {
	out, professions, languages := []string{}, map[string]bool{}, map[string]bool{}
	for _, m := range mediators {
		professions[m.Profession] = true
		for _, l := range m.Languages {
			languages[l] = true
		}
	}
	if len(mediators) < 2 {
		out = append(out, "two_mediators")
	}
	if !professions["legal"] || !professions["psychosocial"] {
		out = append(out, "professions")
	}
	if len(languages) < 2 {
		out = append(out, "languages")
	}
	return out
}
