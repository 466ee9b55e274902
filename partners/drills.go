package partners

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"homeward/alerts"
	"homeward/geo"
	"homeward/geo/script"
	"homeward/journal"
)

// NewDrill starts an exercise. Partners names those who take part; All means
// everybody who can. Note is by language: en, sr-Latn, sr-Cyrl; the other script
// of a Serbian note is written by itself. Hours is how long it lasts, 0 for the
// usual time.
type NewDrill struct {
	Partners []string          `json:"partners,omitempty"`
	All      bool              `json:"all,omitempty"`
	Level    alerts.Level      `json:"level"`
	Severity string            `json:"severity"`
	Note     map[string]string `json:"note,omitempty"`
	Hours    int               `json:"hours,omitempty"`
}

// StartDrill starts an exercise: the drill and who is told of it, in one change.
// From then on it takes the road of an alert.
func (d *Desk) StartDrill(ctx context.Context, a alerts.Actor, in NewDrill, r alerts.Request) (DrillView, error) {
	id := alerts.NewID(d.Random)
	done, err := d.Do(ctx, a, "drill.start", r, func(v *journal.View) (journal.Outcome, error) {
		x, told, err := d.drillRule(v, id, a, in)
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{x, told}}, nil
	})
	if err != nil {
		return DrillView{}, err
	}
	at := slices.IndexFunc(done.Keys, func(k journal.Key) bool { return k.Collection == "drills" })
	return d.Drill(a, done.Keys[at].ID)
}

func (d *Desk) drillRule(v *journal.View, id string, a alerts.Actor, in NewDrill) (*Drill, *Told, error) {
	var f alerts.Fields
	hours := d.drillFields(&f, in)
	note := drillNotes(&f, in.Note)
	chosen := d.drilled(v, &f, in)
	if err := f.Err(); err != nil {
		return nil, nil, err
	}
	now := v.Now.UTC().Truncate(time.Second)
	x := &Drill{
		Head: journal.Head{ID: id}, Kind: DrillExercise, State: DrillRunning, Level: in.Level, Severity: in.Severity, Note: note,
		Sender: d.Sender, Revision: 1, StartedBy: a.ID, StartedAt: now, EndsAt: now.Add(hours), Area: d.drillArea(chosen),
	}
	round := Round{Revision: 1, At: v.Now}
	for _, p := range chosen {
		round.Partners, round.Why = append(round.Partners, p.ID), append(round.Why, "")
	}
	return x, toldOfDrill(x, round), nil
}

func toldOfDrill(x *Drill, round Round) *Told {
	return &Told{
		Head: journal.Head{ID: x.ID}, Sender: x.Sender, Rounds: []Round{round},
		Sent: []ToldSent{{Revision: round.Revision, Identifier: alerts.CAPIdentifier(x.ID, round.Revision), Sent: x.StartedAt}},
	}
}

func (d *Desk) drillFields(f *alerts.Fields, in NewDrill) time.Duration {
	if !slices.Contains(partnerLevels(), in.Level) {
		f.Add("level", "unknown_value", "The level of a drill is partner, public_appeal or national_mirror.")
	}
	if !slices.Contains(severities(), in.Severity) {
		f.Add("severity", "unknown_value", "The severities are extreme, severe, moderate, minor and unknown.")
	}
	hours := time.Duration(in.Hours) * time.Hour
	if hours == 0 {
		return d.limits.DrillLife
	}
	if in.Hours < 1 || hours > d.limits.DrillLongest {
		f.Add("hours", "out_of_range", "A drill lasts between an hour and a week.")
	}
	return hours
}

// drillNotes reads a note and writes its Serbian in both scripts.
func drillNotes(f *alerts.Fields, in map[string]string) []DrillNote {
	var out []DrillNote
	languages := []string{"en", "sr-Latn", "sr-Cyrl"}
	text := map[string]string{}
	for language, s := range in {
		s = strings.TrimSpace(s)
		if !slices.Contains(languages, language) {
			f.Add("note", "unknown_language", "A note is in en, sr-Latn or sr-Cyrl.")
		}
		if !utf8.ValidString(s) || utf8.RuneCountInString(s) > noteLength {
			f.Add("note."+language, "too_long", "At most 500 characters.")
		}
		text[language] = s
	}
	switch {
	case text["sr-Cyrl"] == "":
		text["sr-Cyrl"] = script.ToCyrillic(text["sr-Latn"])
	case text["sr-Latn"] == "":
		text["sr-Latn"] = script.ToLatin(text["sr-Cyrl"])
	}
	for _, language := range languages {
		if text[language] != "" {
			out = append(out, DrillNote{language, text[language]})
		}
	}
	return out
}

// noteLength is the longest note of a drill, in characters.
const noteLength = 500

// drilled are the organisations that take part.
func (d *Desk) drilled(v *journal.View, f *alerts.Fields, in NewDrill) []*Partner {
	ids := in.Partners
	if in.All {
		ids = nil
		for _, p := range d.board.Partners() {
			ids = append(ids, p.ID)
		}
	}
	var out []*Partner
	seen := map[string]bool{}
	for _, id := range ids {
		p, err := journal.Load[*Partner](v, "partners", id)
		switch {
		case seen[id]:
		case err == nil && p.drills():
			out = append(out, p)
		case !in.All:
			f.Add("partners", "unknown_partner", "One of these organisations takes part in no drill: it is suspended or has ended, or is not known.")
		}
		seen[id] = true
	}
	if len(out) == 0 && f.Err() == nil {
		f.Add("partners", "required", "Choose who takes part.")
	}
	return out
}

// drillArea is the countries of those who take part: as coarse as can be.
func (d *Desk) drillArea(all []*Partner) geo.Area {
	var a geo.Area
	for _, p := range all {
		for _, c := range countriesOf(d.Regions, p.Coverage) {
			if !slices.Contains(a.Regions, c) {
				a.Regions = append(a.Regions, c)
			}
		}
	}
	slices.Sort(a.Regions)
	return a
}

// EndDrill stops an exercise at once. A repeat is answered like the first time.
func (d *Desk) EndDrill(ctx context.Context, a alerts.Actor, id string, r alerts.Request) (DrillView, error) {
	if x, ok := d.board.Drill(id); !ok || x.Kind != DrillExercise {
		return DrillView{}, missing("drill " + id)
	}
	if err := d.endDrill(ctx, a, id, DrillStopped, r); err != nil {
		return DrillView{}, err
	}
	return d.Drill(a, id)
}

func (d *Desk) endDrill(ctx context.Context, a alerts.Actor, id string, state DrillState, r alerts.Request) error {
	_, err := d.Do(ctx, a, "drill.end", r, func(v *journal.View) (journal.Outcome, error) {
		x, err := journal.Load[*Drill](v, "drills", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		next := x.ended(state, a.ID, v.Now)
		if next == nil || state == DrillOver && v.Now.Before(x.EndsAt) {
			return journal.Outcome{}, nil
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	return err
}

// EndDueDrills ends the exercises whose time is up. Any node may call it each
// second.
func (d *Desk) EndDueDrills(ctx context.Context, now time.Time) error {
	var errs []error
	for _, x := range d.board.runningDrills() {
		if !now.Before(x.EndsAt) {
			errs = append(errs, d.endDrill(ctx, alerts.System(), x.ID, DrillOver, alerts.Request{}))
		}
	}
	return errors.Join(errs...)
}

// settleDrills takes the running drills from an organisation that is suspended
// or has ended: it returns the told records that change.
func (d *Desk) settleDrills(v *journal.View, p *Partner) ([]journal.Document, error) {
	var out []journal.Document
	if p.drills() {
		return nil, nil
	}
	for _, x := range d.board.runningDrills() {
		t, err := journal.Load[*Told](v, "told", x.ID)
		if err != nil {
			return nil, err
		}
		if next := changed(t, reach(t), nil, []string{p.ID}, x.Revision, v.Now); next != nil {
			out = append(out, next)
		}
	}
	return out, nil
}
