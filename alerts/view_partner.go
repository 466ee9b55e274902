package alerts

import (
	"strings"
	"time"

	"homeward/geo"
)

// Links are addresses of what belongs to an alert; none holds a secret.
type Links struct {
	CAP    string `json:"cap,omitempty"`
	Page   string `json:"page,omitempty"`
	Poster string `json:"poster,omitempty"`
	Photo  string `json:"photo,omitempty"`
}

// PartnerAlert is all that a partner gets of an alert, over every channel. ID
// and AlertID are the same: acts and withdrawals name it alert_id.
type PartnerAlert struct {
	ID         string               `json:"id"`
	AlertID    string               `json:"alert_id"`
	Revision   int                  `json:"revision"`
	Sender     string               `json:"sender"`
	Identifier string               `json:"identifier"`
	Sent       time.Time            `json:"sent"`
	References string               `json:"references,omitempty"`
	Kind       string               `json:"kind"` // Alert or Update
	Level      Level                `json:"level"`
	Severity   string               `json:"severity"`
	Area       AreaView             `json:"area"`
	Texts      map[string]DraftText `json:"texts"`
	Links      Links                `json:"links"`
	ExpiresAt  time.Time            `json:"expires_at"`
	CaseNumber string               `json:"case_number"`
	// Drill marks an exercise: no child is missing.
	Drill bool `json:"drill,omitempty"`
}

// AreaView is an area as a GeoJSON GeometryCollection of what was drawn, with
// the codes of its regions and its circles beside it.
type AreaView struct {
	Type       string         `json:"type"`
	Geometries []geo.Geometry `json:"geometries"`
	Regions    []string       `json:"regions,omitempty"`
	Circles    []geo.Circle   `json:"circles,omitempty"`
}

func areaView(a geo.Area) AreaView {
	v := AreaView{Type: "GeometryCollection", Geometries: a.Areas, Regions: a.Regions, Circles: a.Circles}
	if v.Geometries == nil {
		v.Geometries = []geo.Geometry{}
	}
	return v
}

// PartnerAlertOf returns what partners get of one released revision.
func PartnerAlertOf(al *Alert, r *Revision, links Links) PartnerAlert {
	v := PartnerAlert{
		ID: al.ID, AlertID: al.ID, Revision: r.Number, Sender: al.Sender, Identifier: r.Identifier, Sent: r.Sent,
		References: References(al, r.Number), Kind: "Alert", Level: r.Level, Severity: r.Severity,
		Area: areaView(r.Area), Texts: textsView(r.Texts), Links: links, ExpiresAt: r.ExpiresAt, CaseNumber: al.CaseNumber,
	}
	if r.Number > 1 {
		v.Kind = "Update"
	}
	if r.PhotoID == "" {
		v.Links.Photo = ""
	}
	return v
}

// AddressedFrom is the alert for a partner that was first addressed with a
// revision: what went to others before, it never got, and is not referred to.
func (v PartnerAlert) AddressedFrom(al *Alert, from int) PartnerAlert {
	if v.References = referencesBetween(al, from, v.Revision); v.References == "" {
		v.Kind = "Alert"
	}
	return v
}

// References names, as CAP 1.2 does, every revision before the one with this
// number: "sender,identifier,sent" with spaces between.
func References(al *Alert, before int) string { return referencesBetween(al, 0, before) }

func referencesBetween(al *Alert, from, before int) string {
	var out []string
	for _, r := range al.Revisions {
		if from <= r.Number && r.Number < before {
			out = append(out, al.Sender+","+r.Identifier+","+CAPTime(r.Sent))
		}
	}
	return strings.Join(out, " ")
}

// CAPTime writes a time as CAP 1.2 wants it: whole seconds, UTC as -00:00.
func CAPTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") + "-00:00" }
