package cap

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

// Options are what a message says besides the alert itself. All may be empty.
type Options struct {
	// SenderName is the issuing organisation, Contact where to call.
	SenderName string
	Contact    string
	// Page is the absolute address of the page in a language, and Photo that of
	// the photo with its media type.
	Page      string
	Photo     string
	PhotoType string
	// Exercise marks a message of a demonstration or an exercise and names it.
	Exercise string
	// Regions names regions; nil names them by their codes.
	Regions *geo.Regions
}

// Of returns the message of one released revision of an alert: Restricted for
// the partner level, Public for public ones. Internal alerts have none.
func Of(al *alerts.Alert, r *alerts.Revision, o Options) (Message, error) {
	all, err := loadWords()
	if err != nil {
		return Message{}, err
	}
	if r.Level == alerts.LevelInternal || r.Identifier == "" {
		return Message{}, fmt.Errorf("revision %d of alert %s does not leave the desk", r.Number, al.ID)
	}
	m := o.message(al.Sender, r.Identifier, r.Sent, al.CaseNumber)
	m.MsgType, m.Scope = "Alert", "Public"
	if m.References = referencesBefore(al, r.Number); len(m.References) > 0 {
		m.MsgType = "Update"
	}
	if n := len(al.Mirrors); n > 0 {
		m.Source = al.Mirrors[n-1].Sender + "," + al.Mirrors[n-1].Identifier
	}
	if !r.Level.IsPublic() {
		m.Scope = "Restricted"
		m.Restriction = in(all, r.Texts[0].Language).restriction
	}
	for i := range r.Texts {
		m.Infos = append(m.Infos, o.info(all, r, &r.Texts[i]))
	}
	return m, nil
}

func (o Options) message(sender, identifier string, sent time.Time, incident string) Message {
	m := Message{Identifier: identifier, Sender: sender, Sent: sent, Status: "Actual", Codes: []string{Profile}, Incidents: incident}
	if o.Exercise != "" {
		m.Status, m.Note = "Exercise", o.Exercise
	}
	return m
}

func (o Options) info(all map[string]words, r *alerts.Revision, t *alerts.Text) Info {
	w := in(all, t.Language)
	i := Info{
		Language: t.Language, Categories: []string{"Rescue"}, Event: w.event, ResponseTypes: []string{"Monitor"},
		Urgency: urgency(r.Severity), Severity: title(r.Severity), Certainty: "Observed", Expires: r.ExpiresAt,
		SenderName: o.SenderName, Headline: t.Headline, Description: t.Description, Instruction: t.Instruction,
		Web: o.Page, Contact: o.Contact, Areas: []Area{o.area(r.Area, t.Language, w.area)},
	}
	if i.Instruction == "" {
		i.Instruction = w.noInstruction
	}
	if o.Photo != "" && r.PhotoID != "" {
		i.Resources = []Resource{{Description: w.event, MIMEType: o.PhotoType, URI: o.Photo}}
	}
	return i
}

// urgency follows the severity: who is in grave danger is looked for now.
func urgency(severity string) string {
	switch severity {
	case "extreme", "severe":
		return "Immediate"
	case "unknown":
		return "Unknown"
	}
	return "Expected"
}

func title(s string) string {
	if s == "" {
		return "Unknown"
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// area turns an area of ours into CAP's. Holes are left out, as CAP has none:
// the alert then goes a little further, never less far.
func (o Options) area(a geo.Area, language, fallback string) Area {
	out := Area{}
	var names []string
	for _, code := range a.Regions {
		system := "ISO3166-1"
		if strings.Contains(code, "-") {
			system = "ISO3166-2"
		}
		out.Geocodes = append(out.Geocodes, Value{system, code})
		name := code
		if o.Regions != nil {
			if region, ok := o.Regions.Lookup(code); ok && region.Names.In(language) != "" {
				name = region.Names.In(language)
			}
		}
		names = append(names, name)
	}
	for _, g := range a.Areas {
		for _, polygon := range g.Coordinates {
			if len(polygon) > 0 {
				out.Polygons = append(out.Polygons, polygon[0])
			}
		}
	}
	for _, c := range a.Circles {
		out.Circles = append(out.Circles, Circle{c.Center, c.RadiusM})
	}
	if out.Description = strings.Join(names, ", "); out.Description == "" {
		out.Description = fallback
	}
	return out
}

func referencesBefore(al *alerts.Alert, number int) []Reference {
	var out []Reference
	for i := range al.Revisions {
		if r := &al.Revisions[i]; r.Number < number {
			out = append(out, Reference{al.Sender, r.Identifier, r.Sent})
		}
	}
	return out
}

// Ending is all that is known of an end: enough to write a Cancel when the
// alert itself has been erased.
type Ending struct {
	Sender, Identifier string
	Sent               time.Time
	References         []Reference
	Incident           string
	// Languages are those that the alert had; English when there are none.
	Languages []string
	// Restricted is set when the alert never went to the public.
	Restricted bool
	// Leaving is set when the alert goes on without the receiver.
	Leaving bool
}

// EndingOf returns the end of an alert, and false while it goes on.
func EndingOf(al *alerts.Alert) (Ending, bool) {
	if al.Ending == nil || len(al.Revisions) == 0 {
		return Ending{}, false
	}
	e := Ending{
		Sender: al.Sender, Identifier: al.Ending.Identifier, Sent: al.Ending.At, Incident: al.CaseNumber, Restricted: true,
		References: referencesBefore(al, len(al.Revisions)+1),
	}
	for i := range al.Revisions {
		r := &al.Revisions[i]
		e.Restricted = e.Restricted && !r.Level.IsPublic()
		for _, t := range r.Texts {
			if !slices.Contains(e.Languages, t.Language) {
				e.Languages = append(e.Languages, t.Language)
			}
		}
	}
	return e, true
}

// keepCancel is how long a Cancel says that it is worth passing on.
const keepCancel = 7 * 24 * time.Hour

// CancelOf returns the message that withdraws an alert. It says that the search
// has ended, or that it is no longer for the receiver, and has no name, no
// photo, no area and no outcome.
func CancelOf(e Ending, o Options) (Message, error) {
	all, err := loadWords()
	if err != nil {
		return Message{}, err
	}
	m := o.message(e.Sender, e.Identifier, e.Sent, e.Incident)
	m.MsgType, m.Scope, m.References = "Cancel", "Public", e.References
	languages := e.Languages
	if len(languages) == 0 {
		languages = []string{"en"}
	}
	if e.Restricted {
		m.Scope, m.Restriction = "Restricted", in(all, languages[0]).restriction
	}
	for _, l := range languages {
		w := in(all, l)
		i := Info{
			Language: l, Categories: []string{"Rescue"}, Event: w.event, ResponseTypes: []string{"AllClear"},
			Urgency: "Past", Severity: "Unknown", Certainty: "Observed", Expires: e.Sent.Add(keepCancel),
			SenderName: o.SenderName, Headline: w.ended, Description: w.endedText,
		}
		if e.Leaving {
			i.ResponseTypes, i.Urgency, i.Headline, i.Description = []string{"None"}, "Unknown", w.leaving, w.leavingText
		}
		m.Infos = append(m.Infos, i)
	}
	return m, nil
}
