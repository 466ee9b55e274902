package partners

import (
	"slices"
	"strings"

	"homeward/alerts"
)

// ToldAbout returns, by country, how many organisations have been told about a
// case and what they do. Organisations of several countries stand together
// under none. It names nobody: it is for the family.
func (d *Desk) ToldAbout(caseID string) []alerts.FollowTold {
	seen := map[string]bool{}
	by := map[string]*alerts.FollowTold{}
	for _, al := range d.Board.AlertsOf(caseID) {
		told, ok := d.board.Told(al.ID)
		if !ok {
			continue
		}
		for _, r := range told.Rounds {
			for _, id := range r.Partners {
				if !seen[id] {
					seen[id] = true
					d.countTold(by, id)
				}
			}
		}
	}
	out := make([]alerts.FollowTold, 0, len(by))
	for _, t := range by {
		slices.Sort(t.Services)
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b alerts.FollowTold) int {
		if a.Organisations != b.Organisations {
			return b.Organisations - a.Organisations
		}
		return strings.Compare(a.Country, b.Country)
	})
	return out
}

func (d *Desk) countTold(by map[string]*alerts.FollowTold, partner string) {
	country, services := "", []string(nil)
	if p, ok := d.board.Partner(partner); ok {
		if all := countriesOf(d.Regions, p.Coverage); len(all) == 1 {
			country = all[0]
		}
		services = p.Services
	}
	t := by[country]
	if t == nil {
		t = &alerts.FollowTold{Country: country}
		by[country] = t
	}
	t.Organisations++
	for _, s := range services {
		if !slices.Contains(t.Services, s) {
			t.Services = append(t.Services, s)
		}
	}
}
