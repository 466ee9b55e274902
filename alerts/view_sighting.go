package alerts

import (
	"time"

	"homeward/geo"
)

// SightingView is a sighting as one reader sees it.
type SightingView struct {
	ID           string          `json:"id"`
	CaseID       string          `json:"case_id,omitempty"`
	CaseNumber   string          `json:"case_number,omitempty"`
	State        SightingState   `json:"state"`
	ObservedAt   time.Time       `json:"observed_at,omitzero"`
	PrecisionMin int             `json:"precision_min,omitempty"`
	ReportedAt   time.Time       `json:"reported_at"`
	Place        *geo.Point      `json:"place,omitempty"`
	AccuracyM    float64         `json:"accuracy_m,omitempty"`
	Text         string          `json:"text,omitempty"`
	Language     string          `json:"language,omitempty"`
	Sure         string          `json:"sure,omitempty"`
	Channel      string          `json:"channel"`
	GivenNumber  string          `json:"given_number,omitempty"`
	Contact      *Reporter       `json:"contact,omitempty"`
	Photos       []PhotoView     `json:"photos,omitempty"`
	RecordedBy   string          `json:"recorded_by,omitempty"`
	Assessment   *AssessmentView `json:"assessment,omitempty"`
	DuplicateOf  string          `json:"duplicate_of,omitempty"`
	HandedOver   []HandoverView  `json:"handed_over,omitempty"`
	Messages     []MessageView   `json:"messages,omitempty"`
	Doubt        []string        `json:"doubt,omitempty"`
	Via          *Via            `json:"via,omitempty"`
	// Direction and the like are what the reporter answered beside the text.
	Direction  string `json:"direction,omitempty"`
	Transport  string `json:"transport,omitempty"`
	Companions string `json:"companions,omitempty"`
	Vehicle    string `json:"vehicle,omitempty"`
	SeenAppeal string `json:"seen_appeal,omitempty"`
	// Signs are what speaks for or against looking at it soon.
	Signs []string `json:"signs,omitempty"`
	// Apart and With say that people have taken it out of a group, or put it in.
	Apart bool   `json:"apart,omitempty"`
	With  string `json:"with,omitempty"`
	// Lease says who has it open, nil for nobody.
	Lease *LeaseView `json:"lease,omitempty"`
	// Undo is the reader's last step when it can still be taken back.
	Undo *UndoView `json:"undo,omitempty"`
	// Passages is there when one sighting is read, not in lists.
	Passages  []PassageView   `json:"passages,omitempty"`
	Version   int             `json:"version"`
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
	May       map[string]bool `json:"may"`
	Withheld  []Class         `json:"withheld"`
}

// AssessmentView is the Admiralty pair.
type AssessmentView struct {
	Source      string    `json:"source"`
	Information int       `json:"information"`
	Handling    string    `json:"handling,omitempty"`
	Note        string    `json:"note,omitempty"`
	By          string    `json:"by,omitempty"`
	At          time.Time `json:"at"`
}

// HandoverView is one hand-over to the police.
type HandoverView struct {
	At        time.Time `json:"at"`
	Unit      string    `json:"unit"`
	Person    string    `json:"person,omitempty"`
	Reference string    `json:"reference,omitempty"`
	By        string    `json:"by,omitempty"`
}

// MessageView is one line between the desk and the holder of a code.
type MessageView struct {
	At        time.Time `json:"at"`
	FromStaff bool      `json:"from_staff"`
	Text      string    `json:"text"`
}

func sightingClasses() []Class { return []Class{P2, P7, P8, P10} }

// ViewSighting returns what the actor sees of a sighting; c is its case, nil
// when it is linked to none. It records no read.
func (d *Desk) ViewSighting(a Actor, s *Sighting, c *Case) SightingView {
	return d.sightingView(d.lensOnSighting(a, s, c), s, c)
}

// SightingClasses returns the classes that ViewSighting shows to the actor.
func (d *Desk) SightingClasses(a Actor, s *Sighting, c *Case) []Class {
	return d.lensOnSighting(a, s, c).shown(sightingClasses()...)
}

// lensOnSighting adds the tipster's leave: who leaves contact details on a form
// that says what they are for may be asked, and nobody else's are kept.
func (d *Desk) lensOnSighting(a Actor, s *Sighting, c *Case) lens {
	l := d.lensOn(a, c)
	l.grounds.Tipster = s.Reporter != nil
	return l
}

func (d *Desk) sightingView(l lens, s *Sighting, c *Case) SightingView {
	now := *s
	now.Signs = d.signsOf(s) // what is held back may have changed since it came in
	v := viewSighting(l, &now)
	if !l.sees(Ref) {
		return v
	}
	if c != nil {
		v.CaseNumber = c.CaseNumber
	}
	v.Undo = d.undoOf(l.actor, s, d.Now())
	if c != nil && l.sees(P5) {
		v.May["check_held_back"] = true
	}
	v.May["assess"] = l.matrix.Can(l.actor.Role, "sighting.assess")
	v.May["link"] = l.matrix.Can(l.actor.Role, "sighting.link")
	v.May["handover"] = l.matrix.Can(l.actor.Role, "sighting.handover")
	return v
}

func viewSighting(l lens, s *Sighting) SightingView {
	if !l.sees(Ref) {
		return SightingView{May: map[string]bool{}, Withheld: sightingClasses()}
	}
	v := SightingView{
		ID: s.ID, CaseID: s.CaseID, State: s.State, ReportedAt: s.ReportedAt, Language: s.Language, Channel: s.Channel, Via: s.Via,
		DuplicateOf: s.DuplicateOf, Apart: s.Apart, With: s.With, Version: s.Version, CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt,
		Contact:    only(l, s.Reporter, P8),
		RecordedBy: only(l, s.RecordedBy, P10),
		Doubt:      only(l, s.Doubt, P10),
		Photos:     photoViews(l, s.Photos, P7),
		May:        map[string]bool{},
		Withheld:   l.withheld(sightingClasses()...),
	}
	if l.sees(P2) {
		v.ObservedAt, v.PrecisionMin, v.Place, v.AccuracyM = s.ObservedAt, s.PrecisionMin, s.Place, s.AccuracyM
	}
	if !l.sees(P7) {
		return v
	}
	v.Text, v.Sure, v.GivenNumber, v.Messages = s.Text, s.Sure, s.GivenNumber, messageViews(s.Messages)
	if a := s.Details; a != nil {
		v.Direction, v.Transport, v.Companions, v.Vehicle, v.SeenAppeal = a.Direction, a.Transport, a.Companions, a.Vehicle, a.SeenAppeal
	}
	for _, sign := range s.Signs {
		if sign != SignHeldBack || l.sees(P5) {
			v.Signs = append(v.Signs, sign)
		}
	}
	if g := s.Assessment; g != nil {
		v.Assessment = &AssessmentView{g.Source, g.Information, g.Handling, g.Note, only(l, g.By, P10), g.At}
	}
	for _, h := range s.HandedOver {
		v.HandedOver = append(v.HandedOver, HandoverView{h.At, h.Unit, h.Person, h.Reference, only(l, h.By, P10)})
	}
	return v
}

func messageViews(messages []Message) []MessageView {
	var out []MessageView
	for _, m := range messages {
		out = append(out, MessageView(m))
	}
	return out
}
