package alerts

import (
	"slices"
	"time"
)

// Box is a rectangle on a picture, in percent of its width and its height from
// the upper left corner.
type Box struct {
	X      float64 `bson:"x" json:"x"`
	Y      float64 `bson:"y" json:"y"`
	Width  float64 `bson:"width" json:"width"`
	Height float64 `bson:"height" json:"height"`
}

// PhotoMain is one time that a photo became the main one of its child, or ceased
// to be it.
type PhotoMain struct {
	Main bool      `bson:"main" json:"main"`
	By   string    `bson:"by" class:"P10" json:"by,omitempty"`
	At   time.Time `bson:"at" json:"at"`
}

// PhotoRemoval says that a photo was taken off a case.
type PhotoRemoval struct {
	At  time.Time `bson:"at"`
	By  string    `bson:"by" class:"P10"`
	Why string    `bson:"why" class:"P3,sealed"`
}

// What is known of others on a photo.
const (
	OthersNone    = "none"    // only the child is on it
	OthersSeen    = "others"  // somebody else can be recognised
	OthersCovered = "covered" // they were made unrecognisable
)

// PhotoOthers are the words that somebody may say of a photo.
func PhotoOthers() []string { return []string{OthersNone, OthersSeen} }

// How far a photo may go.
const (
	UseTeam     = "team"
	UsePartners = "partners"
	UsePublic   = "public"
)

// PhotoUses are the words for how far a photo may go, the narrowest first.
func PhotoUses() []string { return []string{UseTeam, UsePartners, UsePublic} }

// showsOthers tells whether somebody else can be recognised on a photo, as far
// as anybody said. Such a photo stays with the team.
func (p *Photo) showsOthers() bool { return p.Others == OthersSeen && p.AloneAt.IsZero() }

func photoOf(c *Case, id string) *Photo {
	if i := slices.IndexFunc(c.Photos, func(p Photo) bool { return p.ID == id }); i >= 0 {
		return &c.Photos[i]
	}
	return nil
}

// photoFault says why a photo may not go out at a level: code and sentence, both
// empty when it may, or when there is none.
func photoFault(c *Case, id string, l Level) (code, message string) {
	if id == "" {
		return "", ""
	}
	p := photoOf(c, id)
	switch {
	case p == nil:
		return "unknown_photo", "This case has no such photo."
	case p.Removed != nil:
		return "photo_removed", "This photo was taken off the case."
	case p.showsOthers():
		return "shows_others", "Somebody else can be recognised on this photo. Cover them first, and choose the picture that comes of it."
	case l.IsPublic() && (p.Use == UseTeam || p.Use == UsePartners):
		return "photo_not_public", "This photo may not be shown to the public."
	case l == LevelPartner && p.Use == UseTeam:
		return "photo_team_only", "This photo is for the team only."
	}
	return "", ""
}

// seesOriginals tells whether the reader belongs to the team of the case, which
// alone sees pictures on which others can be recognised.
func (l lens) seesOriginals() bool {
	return l.grounds.Assigned && l.matrix.Can(l.actor.Role, "photo.original")
}

// PhotoFacts is what is known of a photo besides the picture.
type PhotoFacts struct {
	Source   string            `json:"source,omitempty"`
	Use      string            `json:"use,omitempty"`
	Others   string            `json:"others,omitempty"`
	OthersBy string            `json:"others_by,omitempty"`
	OthersAt time.Time         `json:"others_at,omitzero"`
	AloneBy  string            `json:"alone_by,omitempty"`
	AloneAt  time.Time         `json:"alone_at,omitzero"`
	From     string            `json:"from,omitempty"`
	Crop     *Box              `json:"crop,omitempty"`
	Covered  []Box             `json:"covered,omitempty"`
	Mains    []PhotoMain       `json:"mains,omitempty"`
	Removed  *PhotoRemovalView `json:"removed,omitempty"`
	Sealed   *PictureSealView  `json:"sealed,omitempty"`
}

// PhotoRemovalView says that a photo was taken off.
type PhotoRemovalView struct {
	At  time.Time `json:"at"`
	By  string    `json:"by,omitempty"`
	Why string    `json:"why,omitempty"`
}

func photoFactsOf(l lens, p *Photo) PhotoFacts {
	v := PhotoFacts{
		Source: p.Source, Use: p.Use, Others: p.Others, OthersBy: only(l, p.OthersBy, P10), OthersAt: p.OthersAt,
		AloneBy: only(l, p.AloneBy, P10), AloneAt: p.AloneAt, From: p.From, Crop: p.Crop, Covered: p.Covered,
		Sealed: sealView(l, p.Sealed),
	}
	for _, m := range p.Mains {
		m.By = only(l, m.By, P10)
		v.Mains = append(v.Mains, m)
	}
	if r := p.Removed; r != nil {
		v.Removed = &PhotoRemovalView{r.At, only(l, r.By, P10), only(l, r.Why, P3)}
	}
	return v
}

// ShowsOthers tells whether somebody else can be recognised on it.
func (v PhotoView) ShowsOthers() bool { return v.Others == OthersSeen && v.AloneAt.IsZero() }

// PhotoFault says why a photo may not go out at a level: code and sentence, both
// empty when it may.
func PhotoFault(c *Case, id string, l Level) (code, message string) { return photoFault(c, id, l) }

// AgeOn is how many years old a child was on a day. Both may be a part of a day;
// then the age is about right, and ok tells whether there is one at all.
func AgeOn(birth, day string) (years int, about, ok bool) {
	born, bornParts := dayParts(birth)
	on, onParts := dayParts(day)
	if bornParts == 0 || onParts == 0 || on.Before(born) {
		return 0, false, false
	}
	years = on.Year() - born.Year()
	if on.Month() < born.Month() || on.Month() == born.Month() && on.Day() < born.Day() {
		years--
	}
	return max(0, years), bornParts < 3 || onParts < 3, true
}

// dayParts reads YYYY-MM-DD or a part of it, as the middle of what it leaves
// open, and tells how many parts there were.
func dayParts(s string) (time.Time, int) {
	for i, layout := range []string{"2006", "2006-01", "2006-01-02"} {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		switch i {
		case 0:
			t = t.AddDate(0, 6, 0)
		case 1:
			t = t.AddDate(0, 0, 14)
		}
		return t, i + 1
	}
	return time.Time{}, 0
}
