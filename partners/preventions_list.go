package partners

import (
	"context"
	"slices"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// Protection returns the data that prevention, requests through the police and
// mediation rest on.
func (d *Desk) Protection() *abduction.Protection { return d.protection }

// PreventionFilter chooses prevention records. Zero fields choose all.
type PreventionFilter struct {
	State, Case string
	Cursor      string
	Limit       int // 50 when it is 0, at most 200
}

// Preventions lists the records that the actor may see, newest first.
func (d *Desk) Preventions(ctx context.Context, a alerts.Actor, f PreventionFilter) (alerts.Page[PreventionView], error) {
	page := alerts.Page[PreventionView]{Items: []PreventionView{}}
	after, err := openCursor(f.Cursor)
	if err != nil {
		return page, err
	}
	all := d.board.Preventions()
	slices.Reverse(all)
	for _, p := range all {
		if after != nil && slices.Compare(p.place(), after) >= 0 || f.State != "" && f.State != p.State || f.Case != "" && f.Case != p.CaseID {
			continue
		}
		v, err := d.Prevention(ctx, a, p.ID)
		if alerts.CodeOf(err) == alerts.NotFound {
			continue
		}
		if err != nil {
			return page, err
		}
		if len(page.Items) == pageLimit(f.Limit) {
			last, _ := d.board.Prevention(page.Items[len(page.Items)-1].ID)
			next := sealCursor(last.place())
			page.Next = &next
			break
		}
		page.Items = append(page.Items, v)
	}
	return page, nil
}

// place is what the list is ordered by, backwards.
func (p *Prevention) place() []string {
	return []string{p.CreatedAt.UTC().Format("2006-01-02T15:04:05.000"), p.ID}
}

// YellowItem is one thing that a request for a yellow notice needs. ChildID is
// set for what is asked of each child.
type YellowItem struct {
	ID       string `json:"id"`
	ChildID  string `json:"child_id,omitempty"`
	There    bool   `json:"there"`
	Source   string `json:"source"`
	Verified bool   `json:"verified"`
}

// YellowCheck tells what a request for an INTERPOL yellow notice would still
// lack. Only the police ask for one; whether the data suffice is for them to
// say.
func (d *Desk) YellowCheck(ctx context.Context, a alerts.Actor, matterID string) ([]YellowItem, error) {
	m, c, err := d.visibleMatter(a, matterID)
	if err != nil {
		return nil, err
	}
	on := d.onMatter(a, c, m)
	if !d.Matrix.May(a, alerts.P1, c.State, on) || !d.Matrix.May(a, alerts.P3, c.State, on) {
		return []YellowItem{}, nil
	}
	if err := d.Reads.Record(ctx, a, "matters/"+m.ID+"/yellow", alerts.P1, alerts.P3); err != nil {
		return nil, err
	}
	return yellowCheck(d.protection.Yellow, c, m), nil
}

// yellowCheck goes through the conditions; those of a child once for each.
func yellowCheck(rows []abduction.Entry, c *alerts.Case, m *Matter) []YellowItem {
	out := []YellowItem{}
	for i := range rows {
		e := &rows[i]
		switch e.ID {
		case "police_report":
			out = append(out, YellowItem{e.ID, "", !c.Police.ReportedAt.IsZero(), e.Source, e.Verified})
		case "whereabouts_unknown":
			unknown := m.Whereabouts == "" && (c.Closing == nil || !c.State.Ended())
			out = append(out, YellowItem{e.ID, "", unknown, e.Source, e.Verified})
		default:
			for k := range c.Children {
				out = append(out, YellowItem{e.ID, c.Children[k].ID, identifier(e.ID, c, &c.Children[k]), e.Source, e.Verified})
			}
		}
	}
	return out
}

// identifier tells whether one identifier of a child is there.
func identifier(id string, c *alerts.Case, k *alerts.Child) bool {
	named := func(part func(alerts.Name) string) bool {
		return slices.ContainsFunc(k.Names, func(n alerts.Name) bool { return part(n) != "" })
	}
	switch id {
	case "family_name":
		return named(func(n alerts.Name) string { return n.Family })
	case "forename":
		return named(func(n alerts.Name) string { return n.Given })
	case "sex":
		return k.Sex != "" && k.Sex != "unknown"
	case "birth_year":
		return len(k.BirthDate) >= len("2014")
	case "recognisable":
		photo := slices.ContainsFunc(c.Photos, func(p alerts.Photo) bool { return p.Child == k.ID || p.Child == "" })
		return photo || k.Description != (alerts.Description{})
	}
	return false
}
