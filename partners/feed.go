package partners

import (
	"strings"

	"homeward/alerts"
	"homeward/journal"
)

// PartnerStands tells whether an organisation may receive anything now.
func (d *Desk) PartnerStands(id string) bool {
	p, ok := d.board.Partner(id)
	return ok && (p.drillsOnly(d.Now()) || p.excluded(d.Now()) == "")
}

// MayHear tells whether a change of a document may be named to a member of the
// staff, by id only, and which case it belongs to, "" for none.
func (d *Desk) MayHear(a alerts.Actor, k journal.Key) (caseID string, ok bool) {
	switch k.Collection {
	case "cases":
		caseID = k.ID
	case "sightings", "contacts":
		caseID = d.Board.CaseOf(k)
	case "alerts", "told":
		caseID = d.caseOfAlert(k.ID)
	case "deliveries":
		alert, _, _ := strings.Cut(k.ID, ".")
		caseID = d.caseOfAlert(alert)
	case "matters":
		if m, found := d.board.Matter(k.ID); found {
			caseID = m.CaseID
		}
	case "inquiries":
		caseID = k.ID
	case "papers", "letters":
		caseID = d.board.caseOfPapers(k)
	case "referrals", "conferences", "searches", "search_tasks", "mediations", "preventions", "matches":
		return d.mayHearOfOwn(a, k)
	case "drills":
		return "", d.readsDrills(a) && d.isExercise(k.ID)
	case "partners", "institutions":
		return "", true
	case "calls", "blocks":
		return "", d.Matrix.Can(a.Role, "call.take")
	default:
		return "", false
	}
	if caseID == "" && (k.Collection == "told" || k.Collection == "deliveries") {
		drill, _, _ := strings.Cut(k.ID, ".")
		return "", d.readsDrills(a) && d.isExercise(drill)
	}
	if caseID == "" {
		// What belongs to no case is the whole desk's.
		return "", k.Collection == "sightings" || k.Collection == "contacts"
	}
	_, err := d.VisibleCase(a, caseID)
	return caseID, err == nil
}

// mayHearOfOwn is MayHear for records that have a rule of their own about who
// sees them.
func (d *Desk) mayHearOfOwn(a alerts.Actor, k journal.Key) (caseID string, ok bool) {
	var err error
	switch k.Collection {
	case "matches":
		m, found := d.board.Match(k.ID)
		if !found {
			return "", false
		}
		_, ok = d.matchCase(a, m)
		return m.CaseID, ok
	case "referrals":
		var r *Referral
		if r, _, err = d.visibleReferral(a, k.ID); err == nil {
			caseID = r.CaseID
		}
	case "conferences":
		var f *Conference
		if f, _, err = d.visibleConference(a, k.ID); err == nil {
			caseID = f.CaseID
		}
	case "searches":
		var s *Search
		if s, _, err = d.visibleSearch(a, k.ID); err == nil {
			caseID = s.CaseID
		}
	case "search_tasks":
		t, found := d.board.SearchTask(k.ID)
		if !found {
			return "", false
		}
		_, err = d.searchCase(a, t.CaseID)
		caseID = t.CaseID
	case "mediations":
		var row *MediationRow
		if row, _, err = d.visibleMediation(a, k.ID); err == nil {
			caseID = row.CaseID
		}
	case "preventions":
		var p *Prevention
		if p, _, err = d.visiblePrevention(a, k.ID); err == nil {
			caseID = p.CaseID
		}
	default:
		return "", false
	}
	return caseID, err == nil
}

func (d *Desk) caseOfAlert(id string) string {
	if al, ok := d.Board.Alert(id); ok {
		return al.CaseID
	}
	return ""
}
