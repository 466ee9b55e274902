package alerts

import (
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"homeward/geo"
)

// AppealView is the public card (class P0 only): all that the public ever gets
// of a case.
type AppealView struct {
	Slug       string               `json:"slug"`
	CaseNumber string               `json:"case_number"`
	Level      Level                `json:"level"`
	Children   []AppealChild        `json:"children"`
	PhotoID    string               `json:"photo_id,omitempty"`
	Area       AppealArea           `json:"area"`
	LastSeen   *DayPart             `json:"last_seen,omitempty"`
	Texts      map[string]DraftText `json:"texts"`
	ReleasedAt time.Time            `json:"released_at"`
	ExpiresAt  time.Time            `json:"expires_at"`
}

// AppealChild is one child on the public card. Name is a first name or
// initials, empty without consent.
type AppealChild struct {
	Name        string       `json:"name,omitempty"`
	AgeBand     string       `json:"age_band,omitempty"`
	Description *Description `json:"description,omitempty"`
}

// AppealArea is where the child was last seen, to the town: Place is the middle
// of a square of at least ten kilometres that holds the true place.
type AppealArea struct {
	Regions []string   `json:"regions,omitempty"`
	Place   *geo.Point `json:"place,omitempty"`
	RadiusM float64    `json:"radius_m,omitempty"`
}

// DayPart is a time without the hour: Part is night, morning, afternoon or
// evening.
type DayPart struct {
	Date string `json:"date"`
	Part string `json:"part"`
}

// AppealOf returns the public card of an alert. It is false unless the alert is
// live at a public level under a recorded decision and its case is public.
// Ages and the part of the day are reckoned in now's time zone.
func AppealOf(c *Case, al *Alert, now time.Time) (AppealView, bool) {
	r := al.Current()
	if r == nil || al.State != AlertLive || !r.Level.IsPublic() || c.State != StatePublic ||
		al.CaseID != c.ID || !decided(c, r.DecisionID) || !r.ExpiresAt.After(now) {
		return AppealView{}, false
	}
	v := AppealView{
		Slug: al.Slug, CaseNumber: al.CaseNumber, Level: r.Level, Texts: textsView(r.Texts),
		ReleasedAt: r.Sent, ExpiresAt: r.ExpiresAt, Children: make([]AppealChild, len(c.Children)),
		Area:     appealArea(r, c.LastSeen.Place),
		LastSeen: dayPart(c.LastSeen.At, now.Location()),
	}
	names := consentTo(c, "public", now)
	for i := range c.Children {
		v.Children[i] = appealChild(&c.Children[i], names, now)
	}
	if names != "" {
		v.PhotoID = ownPhoto(c, r)
	}
	return v, true
}

func decided(c *Case, id string) bool {
	for _, d := range c.Decisions {
		if d.ID == id && d.Level.IsPublic() {
			return true
		}
	}
	return false
}

// consentTo returns how an audience may know the child: "name", "initials", or
// "" without a consent that is in force. A consent given for the purpose
// "initials" allows no more.
func consentTo(c *Case, audience string, now time.Time) string {
	best := ""
	for i := range c.Consents {
		s := &c.Consents[i]
		switch {
		case s.Audience != audience || (s.Class != P0 && s.Class != P1) || !s.inForce(now):
		case s.Purpose != "initials":
			return "name"
		default:
			best = "initials"
		}
	}
	return best
}

// ChildrenFor returns the children of a case as an audience may know them: by
// what a consent to it, or to the public, allows of their names.
func ChildrenFor(c *Case, audience string, now time.Time) []AppealChild {
	names := consentTo(c, audience, now)
	if of := consentTo(c, "public", now); names == "" || of == "name" {
		names = of
	}
	out := make([]AppealChild, len(c.Children))
	for i := range c.Children {
		out[i] = appealChild(&c.Children[i], names, now)
	}
	return out
}

// ownPhoto is the photo of a revision as long as it may go where that goes.
func ownPhoto(c *Case, r *Revision) string {
	if code, _ := photoFault(c, r.PhotoID, r.Level); code != "" {
		return ""
	}
	return r.PhotoID
}

func appealChild(c *Child, names string, now time.Time) AppealChild {
	v := AppealChild{AgeBand: ageBand(c.BirthDate, now)}
	switch names {
	case "name":
		v.Name = firstName(c)
	case "initials":
		v.Name = initials(c)
	}
	if d := c.Description; d != (Description{}) {
		v.Description = &d
	}
	return v
}

func initials(c *Child) string {
	for _, n := range c.Names {
		if n.Given == "" {
			continue
		}
		out := ""
		for _, word := range []string{n.Given, n.Family} {
			if r, _ := utf8.DecodeRuneInString(strings.TrimSpace(word)); r != utf8.RuneError {
				out += string(r) + "."
			}
		}
		return out
	}
	return ""
}

// ageBand returns the band that a child's age falls into, "" when nothing is
// known of the birth date.
func ageBand(birth string, now time.Time) string {
	var born time.Time
	var err error
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if born, err = time.Parse(layout, birth); err == nil {
			break
		}
	}
	if err != nil || born.After(now) {
		return ""
	}
	age := now.Year() - born.Year()
	if now.Month() < born.Month() || now.Month() == born.Month() && now.Day() < born.Day() {
		age--
	}
	switch {
	case age < 3:
		return "0-2"
	case age < 6:
		return "3-5"
	case age < 10:
		return "6-9"
	case age < 14:
		return "10-13"
	case age < 18:
		return "14-17"
	}
	return "18+"
}

// appealArea rounds a place to the middle of its square. Regions of the alert
// are public as they are; drawn areas and circles are not repeated here, as a
// circle's middle may be the exact place.
func appealArea(r *Revision, place *geo.Point) AppealArea {
	v := AppealArea{Regions: r.Area.Regions}
	if place == nil || place.IsZero() || math.Abs(place.Lat()) > 85 {
		return v
	}
	const step = 0.1 // degrees of latitude: 11 km
	middle := func(x, step float64) float64 {
		m := (math.Floor(x/step) + 0.5) * step
		return math.Round(m*1e4) / 1e4
	}
	// Meridians draw together, so the square is a whole number of steps wider
	// away from the equator.
	lat := middle(place.Lat(), step)
	wide := step * math.Ceil(1/math.Cos(lat*math.Pi/180))
	lon := middle(place.Lon(), wide)
	if lon > 180 {
		lon -= 360
	} else if lon < -180 {
		lon += 360
	}
	p := geo.At(lon, lat)
	const metres = 111_320 // in a degree of latitude
	halfHigh, halfWide := step/2*metres, wide/2*metres*math.Cos(lat*math.Pi/180)
	v.Place, v.RadiusM = &p, math.Ceil(math.Hypot(halfHigh, halfWide)/1000)*1000
	return v
}

func dayPart(at time.Time, zone *time.Location) *DayPart {
	if at.IsZero() {
		return nil
	}
	at = at.In(zone)
	part := "night"
	switch h := at.Hour(); {
	case h >= 5 && h < 12:
		part = "morning"
	case h >= 12 && h < 18:
		part = "afternoon"
	case h >= 18 && h < 22:
		part = "evening"
	}
	return &DayPart{at.Format("2006-01-02"), part}
}
