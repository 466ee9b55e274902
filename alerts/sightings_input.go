package alerts

import (
	"fmt"
	"slices"
	"time"

	"homeward/geo"
)

// NewSighting is a sighting as it is reported.
type NewSighting struct {
	// CaseNumber is the public number of the case, if the reporter has it; staff
	// may write CaseID instead.
	CaseNumber   string     `json:"case_number,omitempty"`
	CaseID       string     `json:"case_id,omitempty"`
	ObservedAt   time.Time  `json:"observed_at,omitzero"`
	PrecisionMin int        `json:"precision_min,omitempty"`
	Place        *geo.Point `json:"place,omitempty"`
	AccuracyM    float64    `json:"accuracy_m,omitempty"`
	Text         string     `json:"text,omitempty"`
	Language     string     `json:"language,omitempty"`
	Sure         string     `json:"sure,omitempty"`
	// Channel is how it came in; public reports are always public_form.
	Channel string    `json:"channel,omitempty"`
	Contact *Reporter `json:"contact,omitempty"`
	// Photos are ids that an upload gave.
	Photos []string `json:"photos,omitempty"`
	// Direction is where the child went, Companions who was with it, Vehicle what
	// was seen of one; Transport is one of Transports.
	Direction  string `json:"direction,omitempty"`
	Transport  string `json:"transport,omitempty"`
	Companions string `json:"companions,omitempty"`
	Vehicle    string `json:"vehicle,omitempty"`
	// SeenAppeal says whether the reporter had seen the appeal before: yes or no.
	SeenAppeal string `json:"seen_appeal,omitempty"`
	// Source is the token in the link or code that led the reporter to the
	// appeal. One that is not known is passed over, without a word.
	Source string `json:"source,omitempty"`
	// Doubt notes why a public report is trusted less: too_fast, honeypot,
	// flood. It never comes from the reporter.
	Doubt []string `json:"-"`
	// Network is what a public report came from. It is kept nowhere; see
	// Sighting.Sources.
	Network []byte `json:"-"`
}

// The shortest text that may stand for a place.
const minWhere = 3

// Sures returns how sure a reporter may be.
func Sures() []string { return []string{"certain", "probable", "possible"} }

// Channels returns how contacts and sightings come in to the desk.
func Channels() []string {
	return []string{"phone", "chat", "email", "letter", "sms", "visit", "staff", "partner", "police", "social_media", "other"}
}

const channelPublic = "public_form"

// validate tidies a sighting and names every wrong field.
func (in *NewSighting) validate(now time.Time, regions *geo.Regions, staff bool) Fields {
	i := &inspection{now: now, regions: regions}
	i.text("case_number", &in.CaseNumber, maxNameText)
	i.text("source", &in.Source, maxNameText)
	if in.ObservedAt.IsZero() {
		i.Add("observed_at", "required", "Say when the child was seen.")
	}
	i.past("observed_at", in.ObservedAt)
	between(i, "precision_min", in.PrecisionMin, 0, 366*24*60)
	i.place("place", in.Place)
	between(i, "accuracy_m", in.AccuracyM, 0, 5_000_000)
	i.text("text", &in.Text, maxNote)
	if in.Place == nil && len([]rune(in.Text)) < minWhere {
		i.Add("place", "required", "Say where: mark a place, or describe it in the text.")
		i.Add("text", "required", "Say where it was, when no place is marked.")
	}
	i.language("language", in.Language)
	if in.Sure != "" {
		oneOf(i, "sure", in.Sure, Sures())
	}
	in.inspectDetails(i)
	i.reporter("contact", in.Contact)
	in.inspectPhotos(i)
	if !staff {
		return i.refuse("case_id", in.CaseID != "").refuse("channel", in.Channel != "" && in.Channel != channelPublic).Fields
	}
	if in.Channel == "" {
		in.Channel = "staff"
	}
	oneOf(i, "channel", in.Channel, Channels())
	return i.Fields
}

func (in *NewSighting) inspectPhotos(i *inspection) {
	if len(in.Photos) > maxPhotos {
		i.Add("photos", "too_many", fmt.Sprintf("At most %d photos.", maxPhotos))
	}
	for k, id := range in.Photos {
		if slices.Contains(in.Photos[:k], id) {
			i.Add(fmt.Sprintf("photos[%d]", k), "twice", "This photo is there twice.")
		}
	}
}

// refuse notes a field that only staff may send.
func (i *inspection) refuse(field string, sent bool) *inspection {
	if sent {
		i.Add(field, "unknown_field", "This field is not known here.")
	}
	return i
}

// anonymous makes the report say less about who made it: without a contact its
// times are cut to the hour.
func (in *NewSighting) anonymous() {
	in.ObservedAt = in.ObservedAt.Truncate(time.Hour)
	in.PrecisionMin = max(in.PrecisionMin, 60)
}

// sighting returns the document of a report that has been validated.
func (in *NewSighting) sighting(now time.Time) *Sighting {
	s := &Sighting{
		State: SightingNew, ObservedAt: in.ObservedAt, PrecisionMin: in.PrecisionMin, ReportedAt: now,
		Place: in.Place, AccuracyM: in.AccuracyM, Text: in.Text, Language: in.Language, Sure: in.Sure,
		Channel: in.Channel, Reporter: given(in.Contact), Doubt: slices.Clone(in.Doubt), Details: in.details(),
	}
	return s
}

// Assess is the Admiralty pair with its handling code.
type Assess struct {
	Source      string `json:"source"`
	Information int    `json:"information"`
	// Handling says who may see the sighting, in the desk's own codes.
	Handling string `json:"handling,omitempty"`
	Note     string `json:"note,omitempty"`
}

func (in *Assess) validate() Fields {
	i := &inspection{}
	oneOf(i, "source", in.Source, []string{"A", "B", "C", "D", "E", "F"})
	if in.Information == 0 {
		i.Add("information", "required", "Write a digit from 1 to 6.")
	} else {
		between(i, "information", in.Information, 1, 6)
	}
	i.text("handling", &in.Handling, maxNameText)
	i.text("note", &in.Note, maxNote)
	return i.Fields
}

// Screen moves a sighting in triage: screened, or how the police found it.
type Screen struct {
	State SightingState `json:"state"`
}

func (in *Screen) validate() Fields {
	i := &inspection{}
	oneOf(i, "state", in.State, []SightingState{SightingScreened, SightingConfirmed, SightingExcluded, SightingNotVerifiable})
	return i.Fields
}

// LinkSighting links a sighting to a case, or marks it as the duplicate of
// another one; nothing is merged. Null takes a link away.
type LinkSighting struct {
	CaseID      Optional[string] `json:"case_id,omitzero"`
	CaseNumber  Optional[string] `json:"case_number,omitzero"`
	DuplicateOf Optional[string] `json:"duplicate_of,omitzero"`
}

// Handover says that a sighting was passed to the police.
type Handover struct {
	At        time.Time `json:"at,omitzero"`
	Unit      string    `json:"unit"`
	Person    string    `json:"person,omitempty"`
	Reference string    `json:"reference,omitempty"`
}

func (in *Handover) validate(now time.Time) Fields {
	i := &inspection{now: now}
	i.past("at", in.At)
	i.required("unit", &in.Unit, maxLine, "Say which unit took it.")
	i.text("person", &in.Person, maxNameText)
	i.text("reference", &in.Reference, maxNameText)
	return i.Fields
}
