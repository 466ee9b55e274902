package alerts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/journal"
)

// photoKept is how long a photo that was taken off can be put back; then the
// picture is destroyed.
const photoKept = 30 * 24 * time.Hour

// PhotoChange corrects what is known of a photo. What is not sent stays.
type PhotoChange struct {
	Child   *string `json:"child,omitempty"`
	TakenOn *string `json:"taken_on,omitempty"`
	Source  *string `json:"source,omitempty"`
	// Use is how far it may go: see PhotoUses; empty for unsaid.
	Use *string `json:"use,omitempty"`
	// Others says whether somebody else can be recognised: see PhotoOthers.
	Others *string `json:"others,omitempty"`
	// Main makes it the main photo of its child. There is always one, so that it
	// ceases to be it when another one becomes it.
	Main bool `json:"main,omitempty"`
	// Place is its place in the order, from 1; 0 leaves it where it is.
	Place int `json:"place,omitempty"`
}

func (in *PhotoChange) inspect(i *inspection) {
	if in.TakenOn != nil {
		*in.TakenOn = strings.TrimSpace(*in.TakenOn)
		i.day("taken_on", *in.TakenOn)
	}
	if in.Source != nil {
		i.text("source", in.Source, maxLine)
	}
	if in.Use != nil && *in.Use != "" {
		oneOf(i, "use", *in.Use, PhotoUses())
	}
	if in.Others != nil && *in.Others != "" {
		oneOf(i, "others", *in.Others, PhotoOthers())
	}
	if in.Place < 0 || in.Place > 20*maxPhotos {
		i.Add("place", "out_of_range", "Count the places from 1.")
	}
}

// ChangePhoto corrects what is known of a photo. A photo that may not go as far
// any more as it has gone leaves the alerts that show it, in the same change.
func (d *Desk) ChangePhoto(ctx context.Context, a Actor, caseID, photoID string, in PhotoChange, r Request) (PhotoView, error) {
	return d.photoCommand(ctx, a, "case.photo", caseID, photoID, r, func(i *inspection) { in.inspect(i) },
		func(c *Case, p *Photo, now time.Time) error { return in.apply(c, p, a, now) })
}

// apply writes the change into a photo of c, which is the rule's to change.
func (in *PhotoChange) apply(c *Case, p *Photo, a Actor, now time.Time) error {
	var f Fields
	if p.Removed != nil {
		return Errorf(Conflict, "This photo was taken off the case. Put it back first.")
	}
	if in.Child != nil && *in.Child != "" && !slices.ContainsFunc(c.Children, func(o Child) bool { return o.ID == *in.Child }) {
		f.Add("child", "unknown_child", "This case has no child with this id.")
	}
	if in.Others != nil && *in.Others != OthersSeen && p.showsOthers() {
		f.Add("others", "needs_second", "Somebody said that others can be recognised. A second person must look at it and say that nobody can.")
	}
	if err := f.Err(); err != nil {
		return err
	}
	set(&p.TakenOn, in.TakenOn)
	set(&p.Source, in.Source)
	set(&p.Use, in.Use)
	if in.Others != nil && *in.Others != p.Others {
		p.Others, p.OthersBy, p.OthersAt, p.AloneBy, p.AloneAt = *in.Others, a.ID, now, "", time.Time{}
	}
	if in.Child != nil && *in.Child != p.Child {
		p.setMain(false, a, now)
		p.Child = *in.Child
	}
	id := p.ID
	if in.Main {
		c.makeMain(id, a, now)
	}
	c.keepAMain(a, now)
	if in.Place > 0 {
		c.movePhoto(id, in.Place)
	}
	return nil
}

// setMain notes that a photo becomes the main one, or ceases to be it.
func (p *Photo) setMain(main bool, a Actor, now time.Time) {
	if p.Main == main {
		return
	}
	p.Main = main
	p.Mains = append(slices.Clone(p.Mains), PhotoMain{main, a.ID, now})
}

func (c *Case) makeMain(id string, a Actor, now time.Time) {
	chosen := photoOf(c, id)
	for i := range c.Photos {
		if p := &c.Photos[i]; p.Child == chosen.Child {
			p.setMain(p.ID == id, a, now)
		}
	}
}

// keepAMain gives every child that has photos a main one: the first that the
// whole team may see, or else the first.
func (c *Case) keepAMain(a Actor, now time.Time) {
	type choice struct{ has, first, fit *Photo }
	of := map[string]choice{}
	for i := range c.Photos {
		p := &c.Photos[i]
		if p.Removed != nil {
			continue
		}
		k := of[p.Child]
		if k.first == nil {
			k.first = p
		}
		if k.fit == nil && !p.showsOthers() {
			k.fit = p
		}
		if p.Main {
			k.has = p
		}
		of[p.Child] = k
	}
	for _, k := range of {
		switch {
		case k.has != nil:
		case k.fit != nil:
			k.fit.setMain(true, a, now)
		default:
			k.first.setMain(true, a, now)
		}
	}
}

// movePhoto puts a photo at a place of the order, counted from 1 among those
// that have not been taken off.
func (c *Case) movePhoto(id string, place int) {
	at := slices.IndexFunc(c.Photos, func(p Photo) bool { return p.ID == id })
	moved := c.Photos[at]
	rest := slices.Delete(c.Photos, at, at+1)
	to, seen := len(rest), 0
	for i := range rest {
		if rest[i].Removed != nil {
			continue
		}
		if seen++; seen == place {
			to = i
			break
		}
	}
	c.Photos = slices.Insert(rest, to, moved)
}

// RemovePhoto is why a photo is taken off a case.
type RemovePhoto struct {
	Why string `json:"why"`
}

// RemovePhoto takes a photo off a case. Alerts that show it go on without it,
// from the same change on. One that was never sent out can be put back for a
// month.
func (d *Desk) RemovePhoto(ctx context.Context, a Actor, caseID, photoID string, in RemovePhoto, r Request) (PhotoView, error) {
	return d.photoCommand(ctx, a, "case.photo", caseID, photoID, r,
		func(i *inspection) { i.required("why", &in.Why, maxLine, "Say why it is taken off.") },
		func(c *Case, p *Photo, now time.Time) error {
			if p.Removed == nil {
				p.setMain(false, a, now)
				p.Removed = &PhotoRemoval{At: now, By: a.ID, Why: in.Why}
				c.keepAMain(a, now)
			}
			return nil
		})
}

// RestorePhoto puts a photo back that was taken off, unless it had been sent
// out: what has been recalled from others is added anew, as a new decision.
func (d *Desk) RestorePhoto(ctx context.Context, a Actor, caseID, photoID string, r Request) (PhotoView, error) {
	return d.photoCommand(ctx, a, "case.photo", caseID, photoID, r, func(*inspection) {}, func(c *Case, p *Photo, now time.Time) error {
		switch {
		case p.Removed == nil:
			return nil
		case now.Sub(p.Removed.At) > photoKept:
			return Errorf(Conflict, "This photo was taken off more than 30 days ago and has been destroyed.")
		case d.wentOut(c.ID, photoID):
			return Errorf(Conflict, "This photo had been sent out and was recalled. Add it again if it shall be used again.")
		}
		p.Removed = nil
		c.keepAMain(a, now)
		return nil
	})
}

// wentOut tells whether an alert ever showed a photo to anybody outside.
func (d *Desk) wentOut(caseID, photoID string) bool {
	return slices.ContainsFunc(d.Board.AlertsOf(caseID), func(al *Alert) bool {
		return slices.ContainsFunc(al.Revisions, func(r Revision) bool { return r.PhotoID == photoID && r.Level != LevelInternal })
	})
}

// ConfirmAlone notes that a second person looked at a photo that somebody had
// marked as showing others, and says that nobody else can be recognised.
func (d *Desk) ConfirmAlone(ctx context.Context, a Actor, caseID, photoID string, r Request) (PhotoView, error) {
	return d.photoCommand(ctx, a, "case.photo", caseID, photoID, r, func(*inspection) {}, func(_ *Case, p *Photo, now time.Time) error {
		switch {
		case p.Removed != nil || !p.showsOthers():
			return Errorf(Conflict, "Nobody has said that others can be recognised on this photo.")
		case p.OthersBy == a.ID || a.Kind != KindPerson:
			return Errorf(Forbidden, "Another person than the one who marked it must look at it.")
		}
		p.AloneBy, p.AloneAt = a.ID, now
		return nil
	})
}

// photoCommand runs a rule over one photo of a case. The rule gets a copy of the
// case with photos of its own.
func (d *Desk) photoCommand(ctx context.Context, a Actor, act, caseID, photoID string, r Request, inspect func(*inspection), rule func(*Case, *Photo, time.Time) error) (PhotoView, error) {
	err := d.caseCommand(a, act, caseID, func(now time.Time) Fields {
		i := &inspection{now: now}
		inspect(i)
		return i.Fields
	})
	if err != nil {
		return PhotoView{}, err
	}
	v, err := d.changeCase(ctx, a, act, caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		if err := workable(c); err != nil {
			return nil, err
		}
		next := *c
		next.Photos = slices.Clone(c.Photos)
		p := photoOf(&next, photoID)
		if p == nil || p.showsOthers() && !d.lensOn(a, c).seesOriginals() {
			return nil, coded(fmt.Errorf("photo %s: %w", photoID, journal.ErrNotFound))
		}
		if err := rule(&next, p, v.Now); err != nil {
			return nil, err
		}
		next.edited(a, v.Now, "photos")
		recalled, err := d.withoutPhotos(v, c, &next, a)
		return append([]journal.Document{&next}, recalled...), err
	})
	if err != nil {
		return PhotoView{}, err
	}
	return byID(v.Photos, func(o PhotoView) bool { return o.ID == photoID })
}

// withoutPhotos returns new revisions, without the photo, of live alerts that
// show one which may not go that far any more. Taking away needs one person
// only, as a recall does.
func (d *Desk) withoutPhotos(v *journal.View, was, is *Case, a Actor) ([]journal.Document, error) {
	open, err := d.openAlerts(v, is.ID)
	if err != nil {
		return nil, err
	}
	var out []journal.Document
	for _, al := range open {
		r := al.Current()
		if r == nil || al.State != AlertLive {
			continue
		}
		before, _ := photoFault(was, r.PhotoID, r.Level)
		if now, _ := photoFault(is, r.PhotoID, r.Level); now == "" || now == before {
			continue
		}
		next := withoutPhoto(al, a, v.Now)
		out = append(out, next)
		for _, also := range d.senders {
			more, err := also(v, next)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
	}
	return out, nil
}

// withoutPhoto returns an alert with its current content but the photo as a new
// revision. A draft keeps its place behind it.
func withoutPhoto(al *Alert, a Actor, now time.Time) *Alert {
	next := *al
	r := *al.Current()
	r.Number, r.PhotoID = len(al.Revisions)+1, ""
	r.Author, r.AuthorKind, r.WrittenAt, r.ReleasedBy, r.Emergency = a.ID, a.Kind, now, a.ID, nil
	r.Identifier, r.Sent = CAPIdentifier(al.ID, r.Number), now.UTC().Truncate(time.Second)
	r.ContentHash = contentHash(al, &r)
	next.Revisions = append(slices.Clone(al.Revisions), r)
	if al.Draft != nil {
		draft := *al.Draft
		draft.Number = r.Number + 1
		draft.ContentHash = contentHash(al, &draft)
		next.Draft = &draft
	}
	return &next
}

// SendAlso adds somebody who keeps account of what goes out, and is asked for
// what a new revision changes there. It is called while parts are wired.
func (d *Desk) SendAlso(also func(*journal.View, *Alert) ([]journal.Document, error)) {
	d.senders = append(d.senders, also)
}
