package alerts

import (
	"context"
	"fmt"
	"time"

	"homeward/journal"
)

// Receipt is what somebody gets who reported something without an account: a
// code with which to follow it.
type Receipt struct {
	Code string `json:"code"`
}

// ReportSighting takes a sighting from the public. The case number is checked
// by nobody who could tell: an unknown one, or one of a case that is not public,
// gives the same answer, and the sighting lands unlinked.
func (d *Desk) ReportSighting(ctx context.Context, a Actor, in NewSighting, r Request) (Receipt, error) {
	if err := d.may(a, "sighting.record_public"); err != nil {
		return Receipt{}, err
	}
	in.Channel = channelIfEmpty(in.Channel)
	if err := in.validate(d.Now(), d.Regions, false).Err(); err != nil {
		return Receipt{}, err
	}
	hourly := given(in.Contact) == nil
	if hourly {
		in.anonymous()
	}
	id, code := d.idFor("sighting", r), d.codeFor(r)
	photos, err := d.claim(ctx, id, in.Photos)
	if err != nil {
		return Receipt{}, err
	}
	if err := d.prepare(ctx, id, !hourly); err != nil {
		return Receipt{}, err
	}
	_, err = d.Do(ctx, a, "sighting.record_public", r, func(v *journal.View) (journal.Outcome, error) {
		s := in.sighting(cut(v.Now, hourly))
		s.ID, s.RecordedBy, s.Receipt = id, a.ID, HashSecret(NormalCode(code))
		s.Photos = photosAt(photos, a.ID, s.ReportedAt)
		d.linkPublic(s, in.CaseNumber)
		if s.CaseID != "" {
			s.Via = d.viaOf(s.CaseID, in.Source)
		}
		s.Sources, s.Signs = d.sourcesOf(&in, s.CaseID), d.signsOf(s)
		return journal.Outcome{Documents: []journal.Document{s}, Hourly: hourly}, nil
	})
	if err != nil {
		return Receipt{}, err
	}
	d.claimed(ctx, in.Photos)
	return Receipt{code}, nil
}

// prepare makes the keys of a sighting before its change is decided: when many
// come at once, the writer then has no keys to wait for.
func (d *Desk) prepare(ctx context.Context, id string, reporter bool) error {
	s := Sighting{Head: journal.Head{ID: id}}
	units := []string{s.Unit("")}
	if reporter {
		units = append(units, s.Unit("reporter"))
	}
	return d.Ring.Prepare(ctx, units...)
}

func channelIfEmpty(channel string) string {
	if channel == "" {
		return channelPublic
	}
	return channel
}

func cut(t time.Time, hourly bool) time.Time {
	if hourly {
		return t.Truncate(time.Hour)
	}
	return t
}

// codeFor returns the follow-up code of a request, so that a repeat gives it
// again, or a random one.
func (d *Desk) codeFor(r Request) string {
	return NewCode(d.Seed("follow-up code", r))
}

// linkPublic links a public report to a case whose appeal is out. The number as
// it was given is kept when it names no such case.
func (d *Desk) linkPublic(s *Sighting, number string) {
	if number == "" {
		return
	}
	normal, _ := NormalCaseNumber(number)
	if c, ok := d.Board.CaseByNumber(normal); ok && c.State == StatePublic {
		s.CaseID = c.ID
		return
	}
	s.GivenNumber = number
}

// RecordSighting records a sighting that reached the desk.
func (d *Desk) RecordSighting(ctx context.Context, a Actor, in NewSighting, r Request) (SightingView, error) {
	if err := d.may(a, "sighting.record"); err != nil {
		return SightingView{}, err
	}
	f := in.validate(d.Now(), d.Regions, true)
	caseID := d.staffCase(a, in.CaseID, in.CaseNumber, &f)
	if err := f.Err(); err != nil {
		return SightingView{}, err
	}
	id := d.idFor("sighting", r)
	photos, err := d.claim(ctx, id, in.Photos)
	if err != nil {
		return SightingView{}, err
	}
	_, err = d.Do(ctx, a, "sighting.record", r, func(v *journal.View) (journal.Outcome, error) {
		s := in.sighting(v.Now)
		s.ID, s.RecordedBy, s.CaseID = id, a.ID, caseID
		s.Photos = photosAt(photos, a.ID, v.Now)
		s.Sources, s.Signs = d.sourcesOf(&in, caseID), d.signsOf(s)
		return journal.Outcome{Documents: []journal.Document{s}}, nil
	})
	if err != nil {
		return SightingView{}, err
	}
	d.claimed(ctx, in.Photos)
	return d.Sighting(ctx, a, id)
}

// staffCase finds the case that staff name by id or number. One that they may
// not see is one that is not there. An alias leads to the case it is merged
// into.
func (d *Desk) staffCase(a Actor, id, number string, f *Fields) string {
	if id != "" {
		c, err := d.VisibleCase(a, id)
		if err != nil {
			f.Add("case_id", "unknown_case", "There is no such case.")
			return id
		}
		return d.Leads(a, c).ID
	}
	if number == "" {
		return ""
	}
	normal, ok := NormalCaseNumber(number)
	if !ok {
		f.Add("case_number", "bad_number", "This is not a case number: one character is wrong or missing.")
		return ""
	}
	c, ok := d.Board.CaseByNumber(normal)
	if !ok || !d.sees(a, c) {
		f.Add("case_number", "unknown_case", "There is no such case.")
		return ""
	}
	return d.Leads(a, c).ID
}

// visibleSighting returns a sighting with its case, nil for one that is linked
// to none. One that the actor may not see is NotFound.
func (d *Desk) visibleSighting(ctx context.Context, a Actor, id string) (*Sighting, *Case, error) {
	doc, err := d.Journal.Document(ctx, journal.Key{Collection: "sightings", ID: id})
	if err != nil {
		return nil, nil, coded(err)
	}
	return d.inSight(a, doc, d.seesSighting(a))
}

// seesSighting tells of which cases the actor sees sightings, nil being none.
func (d *Desk) seesSighting(a Actor) func(*Case) bool {
	words, place := d.seesClass(a, P7), d.seesClass(a, P2)
	return func(c *Case) bool { return words(c) || place(c) }
}

// inSight returns a sighting that was read, and its case, when the actor sees it,
// and NotFound otherwise, as for one that is not there.
func (d *Desk) inSight(a Actor, doc journal.Document, sees func(*Case) bool) (*Sighting, *Case, error) {
	if doc == nil {
		return nil, nil, coded(fmt.Errorf("sighting: %w", journal.ErrNotFound))
	}
	s, ok := doc.(*Sighting)
	if !ok {
		return nil, nil, fmt.Errorf("sighting %s: stored as %T", doc.DocumentHead().ID, doc)
	}
	c, err := d.caseOf(a, s.CaseID)
	if err != nil {
		return nil, nil, err
	}
	if !sees(c) {
		return nil, nil, coded(fmt.Errorf("sighting %s: %w", s.ID, journal.ErrNotFound))
	}
	return s, c, nil
}

// caseOf returns the case that something belongs to, nil for none.
func (d *Desk) caseOf(a Actor, id string) (*Case, error) {
	if id == "" {
		return nil, nil
	}
	return d.VisibleCase(a, id)
}

// Sighting returns a sighting as the actor sees it.
func (d *Desk) Sighting(ctx context.Context, a Actor, id string) (SightingView, error) {
	s, c, err := d.visibleSighting(ctx, a, id)
	if err != nil {
		return SightingView{}, err
	}
	if err := d.Reads.Record(ctx, a, "sightings/"+id, d.SightingClasses(a, s, c)...); err != nil {
		return SightingView{}, err
	}
	v := d.ViewSighting(a, s, c)
	if v.Lease, err = d.leaseOf(ctx, a, id); err != nil {
		return SightingView{}, err
	}
	v.Passages, err = d.passages(ctx, a, s, c)
	return v, err
}
