package partners

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
)

// The places besides partners to which a version of an alert can go.
const (
	PlacePage    = "page"
	PlaceCAP     = "cap"
	PlaceAtom    = "atom"
	PlacePaper   = "paper"
	PlacePFIF    = "pfif"
	PlacePartner = "partner"
)

// RecallState is where one place stands.
type RecallState string

// The states of a place: the version is out; it went by itself with the end; the
// other side confirmed that it is removed; or nobody has confirmed it yet, which
// is work.
const (
	RecallOut         RecallState = "out"
	RecallGone        RecallState = "gone"
	RecallConfirmed   RecallState = "confirmed"
	RecallUnconfirmed RecallState = "unconfirmed"
)

// RecallPlace is one place to which a version of an alert went.
type RecallPlace struct {
	Place string `json:"place"`
	// Revision is the newest that went there.
	Revision int         `json:"revision"`
	State    RecallState `json:"state"`
	// At is when the state began, null where that is not known.
	At *time.Time `json:"at"`
	// File and Count are of posters and images that the desk made.
	File  string `json:"file,omitempty"`
	Count int    `json:"count,omitempty"`
	// PartnerID, PartnerName, Channel and Told are of partners: Told is when the
	// withdrawal went the same way, null when it has not.
	PartnerID   string     `json:"partner_id,omitempty"`
	PartnerName string     `json:"partner_name,omitempty"`
	Channel     string     `json:"channel,omitempty"`
	Told        *time.Time `json:"told"`
}

// RecallView is every place to which a version of an alert went, those whose
// removal nobody has confirmed first.
type RecallView struct {
	AlertID string `json:"alert_id"`
	// Unconfirmed, Confirmed, Gone and Out count the places of each state.
	Unconfirmed int           `json:"unconfirmed"`
	Confirmed   int           `json:"confirmed"`
	Gone        int           `json:"gone"`
	Out         int           `json:"out"`
	Items       []RecallPlace `json:"items"`
	// Taken is how often the public has fetched posters and images from here.
	Taken []PaperTaken `json:"taken"`
}

// Recall returns every place to which a version of an alert went, and where each
// stands.
func (d *Desk) Recall(a alerts.Actor, alertID string) (RecallView, error) {
	v := RecallView{AlertID: alertID, Items: []RecallPlace{}, Taken: []PaperTaken{}}
	lines, err := d.Deliveries(a, alertID)
	if err != nil {
		return v, err
	}
	al, ok := d.Desk.Board.Alert(alertID)
	if !ok {
		return v, missing("alert " + alertID)
	}
	v.Items = append(v.Items, openPlaces(al)...)
	v.Items = append(v.Items, paperPlaces(al)...)
	for i := range lines {
		p, known := d.board.Partner(lines[i].PartnerID)
		v.Items = append(v.Items, partnerPlaces(&lines[i], known && p.PFIF)...)
	}
	order := []RecallState{RecallUnconfirmed, RecallOut, RecallConfirmed, RecallGone}
	slices.SortStableFunc(v.Items, func(x, y RecallPlace) int {
		return cmp.Or(cmp.Compare(slices.Index(order, x.State), slices.Index(order, y.State)), strings.Compare(x.PartnerName, y.PartnerName))
	})
	for i := range v.Items {
		*map[RecallState]*int{RecallUnconfirmed: &v.Unconfirmed, RecallConfirmed: &v.Confirmed, RecallGone: &v.Gone, RecallOut: &v.Out}[v.Items[i].State]++
	}
	return v, nil
}

// openPlaces are what the installation itself shows, which goes with the end.
func openPlaces(al *alerts.Alert) []RecallPlace {
	public, left := 0, 0
	for i := range al.Revisions {
		r := &al.Revisions[i]
		if r.Level.IsPublic() {
			public = r.Number
		}
		if r.Level != alerts.LevelInternal {
			left = r.Number
		}
	}
	state, at := RecallOut, (*time.Time)(nil)
	if al.Ending != nil {
		state, at = RecallGone, timeOf(al.Ending.At)
	}
	var out []RecallPlace
	if public > 0 {
		now := state
		if r := al.Current(); state == RecallOut && !r.Level.IsPublic() {
			now = RecallGone // a later revision is not for the public any more
		}
		out = append(out, RecallPlace{Place: PlacePage, Revision: public, State: now, At: at}, RecallPlace{Place: PlaceAtom, Revision: public, State: now, At: at})
	}
	if left > 0 {
		out = append(out, RecallPlace{Place: PlaceCAP, Revision: left, State: state, At: at})
	}
	return out
}

// paperPlaces are the posters and images that the desk has made: no program can
// take them back, somebody has to.
func paperPlaces(al *alerts.Alert) []RecallPlace {
	var out []RecallPlace
	for _, p := range al.Papers {
		place := RecallPlace{Place: PlacePaper, Revision: p.Revision, File: p.File, Count: p.Count, State: RecallOut, At: timeOf(p.Last)}
		switch {
		case al.PapersGone != nil:
			place.State, place.At = RecallConfirmed, timeOf(al.PapersGone.At)
		case al.Ending != nil:
			place.State, place.At = RecallUnconfirmed, timeOf(al.Ending.At)
		}
		out = append(out, place)
	}
	return out
}

// partnerPlaces are the ways by which a version went to one partner. One
// confirmation covers them all.
func partnerPlaces(d *DeliveryView, named bool) []RecallPlace {
	one := RecallPlace{Place: PlacePartner, PartnerID: d.PartnerID, PartnerName: d.PartnerName, Revision: d.Revision, State: RecallOut, At: d.Times.Released}
	switch {
	case d.State == DeliveryRemoved:
		one.State, one.At = RecallConfirmed, d.Times.Removed
	case d.Withdrawn:
		one.State, one.At = RecallUnconfirmed, nil
	}
	var out []RecallPlace
	for _, p := range d.Places {
		way := one
		way.Channel, way.Revision, way.Told = p.Channel, p.Revision, p.Withdrawn
		out = append(out, way)
	}
	if len(out) == 0 {
		out = append(out, one) // it may have been told by telephone, or look any moment
	}
	if named {
		way := one
		way.Place, way.Channel = PlacePFIF, ""
		out = append(out, way)
	}
	return out
}
