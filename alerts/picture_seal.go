package alerts

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"homeward/journal"
)

// PictureSeal shuts a picture that must not be looked at, such as one that shows
// abuse: nobody opens it but two named people, it has no thumbnail, and it is
// handed to the police.
type PictureSeal struct {
	At  time.Time `bson:"at"`
	By  string    `bson:"by" class:"P10"`
	Why string    `bson:"why" class:"ref,sealed"`
	// Viewers are the two accounts that may open it, once somebody named them.
	Viewers []string  `bson:"viewers,omitempty" class:"P10"`
	NamedBy string    `bson:"named_by,omitempty" class:"P10"`
	NamedAt time.Time `bson:"named_at,omitempty"`
	// Police are the times it was handed over.
	Police []PictureHandover `bson:"police,omitempty"`
}

// PictureHandover is one hand-over of a sealed picture to the police.
type PictureHandover struct {
	At        time.Time `bson:"at"`
	Unit      string    `bson:"unit" class:"ref,sealed"`
	Person    string    `bson:"person,omitempty" class:"ref,sealed"`
	Reference string    `bson:"reference" class:"ref,sealed"`
	By        string    `bson:"by" class:"P10"`
}

// PictureSealView says that a picture is sealed.
type PictureSealView struct {
	At      time.Time             `json:"at"`
	By      string                `json:"by,omitempty"`
	Why     string                `json:"why"`
	Viewers []string              `json:"viewers,omitempty"`
	NamedBy string                `json:"named_by,omitempty"`
	NamedAt time.Time             `json:"named_at,omitzero"`
	Police  []PictureHandoverView `json:"police,omitempty"`
	// Open tells whether the reader is one of those who may open it.
	Open bool `json:"open"`
}

// PictureHandoverView is one hand-over to the police.
type PictureHandoverView struct {
	At        time.Time `json:"at"`
	Unit      string    `json:"unit"`
	Person    string    `json:"person,omitempty"`
	Reference string    `json:"reference"`
	By        string    `json:"by,omitempty"`
}

func sealView(l lens, s *PictureSeal) *PictureSealView {
	if s == nil {
		return nil
	}
	v := &PictureSealView{At: s.At, By: only(l, s.By, P10), Why: s.Why, Viewers: only(l, s.Viewers, P10),
		NamedBy: only(l, s.NamedBy, P10), NamedAt: s.NamedAt, Open: slices.Contains(s.Viewers, l.actor.ID)}
	for _, h := range s.Police {
		v.Police = append(v.Police, PictureHandoverView{h.At, h.Unit, h.Person, h.Reference, only(l, h.By, P10)})
	}
	return v
}

// sealedPictures are side records of the likenesses of sealed pictures, so that
// the same picture is shut when it comes again.
const sealedPictures = "sealed_picture"

// wasSealed tells whether the same picture is sealed elsewhere.
func (d *Desk) wasSealed(ctx context.Context, likeness []byte) (bool, error) {
	_, _, err := d.Side.Side(ctx, sealedPictures, hex.EncodeToString(likeness))
	if errors.Is(err, journal.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, coded(fmt.Errorf("look for a sealed picture: %w", err))
	}
	return true, nil
}

// SealPicture shuts a picture of a sighting. Anybody who works on sightings may,
// at once and whoever has the sighting open.
func (d *Desk) SealPicture(ctx context.Context, a Actor, id, photo string, in RemovePhoto, r Request) (SightingView, error) {
	i := &inspection{}
	i.required("why", &in.Why, maxLine, "Say in a few words why it must not be looked at.")
	return d.onPicture(ctx, a, "sighting.seal", id, photo, i.Fields, r, func(p *Photo, now time.Time) error {
		if p.Sealed != nil {
			return nil
		}
		if err := d.Side.PutSide(ctx, sealedPictures, hex.EncodeToString(p.Likeness), time.Time{}, []byte{1}); err != nil {
			return fmt.Errorf("remember a sealed picture: %w", err)
		}
		p.Sealed = &PictureSeal{At: now, By: a.ID, Why: in.Why}
		return nil
	})
}

// NameViewers says which two accounts may open a sealed picture.
type NameViewers struct {
	Viewers []string `json:"viewers"`
}

// NameViewers names the two who may open a sealed picture; naming others takes
// it from those before.
func (d *Desk) NameViewers(ctx context.Context, a Actor, id, photo string, in NameViewers, r Request) (SightingView, error) {
	var f Fields
	if len(in.Viewers) != 2 || in.Viewers[0] == in.Viewers[1] {
		f.Add("viewers", "two_people", "Name two different people.")
	}
	for k, v := range in.Viewers {
		if !d.mayView(v) {
			f.Add(fmt.Sprintf("viewers[%d]", k), "unknown_account", "This account may not open sealed pictures.")
		}
	}
	return d.onPicture(ctx, a, "sighting.seal_viewers", id, photo, f, r, func(p *Photo, now time.Time) error {
		if p.Sealed == nil {
			return Errorf(Conflict, "This picture is not sealed.")
		}
		s := *p.Sealed
		s.Viewers, s.NamedBy, s.NamedAt = slices.Clone(in.Viewers), a.ID, now
		p.Sealed = &s
		return nil
	})
}

// mayView tells whether an account is of a person who may be named.
func (d *Desk) mayView(id string) bool {
	return slices.ContainsFunc(d.Board.Accounts(), func(a *Account) bool {
		return a.ID == id && a.Kind == KindPerson && a.DisabledAt.IsZero() && d.Matrix.Can(a.Role, "sighting.seal_open")
	})
}

// HandPicture notes that a sealed picture was handed to the police.
func (d *Desk) HandPicture(ctx context.Context, a Actor, id, photo string, in Handover, r Request) (SightingView, error) {
	i := &inspection{now: d.Now()}
	i.required("unit", &in.Unit, maxLine, "Say which unit took it.")
	i.text("person", &in.Person, maxNameText)
	i.required("reference", &in.Reference, maxNameText, "Write the reference of the police.")
	i.past("at", in.At)
	return d.onPicture(ctx, a, "sighting.seal_police", id, photo, i.Fields, r, func(p *Photo, now time.Time) error {
		if p.Sealed == nil {
			return Errorf(Conflict, "This picture is not sealed.")
		}
		if in.At.IsZero() {
			in.At = now
		}
		s := *p.Sealed
		s.Police = append(slices.Clone(s.Police), PictureHandover{At: in.At, Unit: in.Unit, Person: in.Person, Reference: in.Reference, By: a.ID})
		p.Sealed = &s
		return nil
	})
}

// UnsealPicture opens a picture again that was sealed by mistake. It takes one of
// the two viewers, who is not the one that sealed it, and is over once the
// police have it.
func (d *Desk) UnsealPicture(ctx context.Context, a Actor, id, photo string, in RemovePhoto, r Request) (SightingView, error) {
	i := &inspection{}
	i.required("why", &in.Why, maxLine, "Say what it shows instead.")
	return d.onPicture(ctx, a, "sighting.unseal", id, photo, i.Fields, r, func(p *Photo, _ time.Time) error {
		switch {
		case p.Sealed == nil:
			return nil
		case p.Sealed.By == a.ID || !slices.Contains(p.Sealed.Viewers, a.ID):
			return Errorf(Forbidden, "One of the two viewers must do that, and not the one who sealed it.")
		case len(p.Sealed.Police) > 0:
			return Errorf(Conflict, "The police have this picture. It stays sealed.")
		}
		if err := d.Side.DropSide(ctx, sealedPictures, hex.EncodeToString(p.Likeness)); err != nil {
			return fmt.Errorf("forget a sealed picture: %w", err)
		}
		p.Sealed = nil
		return nil
	})
}

// onPicture runs a rule over one picture of a sighting.
func (d *Desk) onPicture(ctx context.Context, a Actor, act, id, photo string, f Fields, r Request, rule func(*Photo, time.Time) error) (SightingView, error) {
	if err := d.sightingCommand(ctx, a, act, id, func() Fields { return f }); err != nil {
		return SightingView{}, err
	}
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		s, err := journal.Load[*Sighting](v, "sightings", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		next := *s
		next.Photos = slices.Clone(s.Photos)
		n := slices.IndexFunc(next.Photos, func(p Photo) bool { return p.ID == photo })
		if n < 0 {
			return journal.Outcome{}, coded(fmt.Errorf("picture %s: %w", photo, journal.ErrNotFound))
		}
		if err := rule(&next.Photos[n], v.Now); err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{&next}}, nil
	})
	if err != nil {
		return SightingView{}, err
	}
	return d.Sighting(ctx, a, id)
}

// tipPicture returns a picture of a sighting with how it stands.
func (d *Desk) tipPicture(ctx context.Context, a Actor, id, photo string) (*Photo, error) {
	s, c, err := d.visibleSighting(ctx, a, id)
	if err != nil {
		return nil, err
	}
	n := slices.IndexFunc(s.Photos, func(p Photo) bool { return p.ID == photo })
	if n < 0 || !d.seesClass(a, P7)(c) {
		return nil, coded(journal.ErrNotFound)
	}
	return &s.Photos[n], nil
}

// SightingPhoto returns a photo of a sighting as a JPEG, and records that it was
// opened. A sealed one is there for its two viewers only.
func (d *Desk) SightingPhoto(ctx context.Context, a Actor, id, photoID string) ([]byte, error) {
	p, err := d.tipPicture(ctx, a, id, photoID)
	if err != nil {
		return nil, err
	}
	subject := "sightings/" + id + "/photos/" + photoID
	if p.Sealed != nil {
		if !slices.Contains(p.Sealed.Viewers, a.ID) || !d.Matrix.Can(a.Role, "sighting.seal_open") {
			return nil, Errorf(Forbidden, "This picture is sealed. Only the two people named for it may open it.")
		}
		subject += "/sealed"
	}
	if err := d.Reads.Record(ctx, a, subject, P7); err != nil {
		return nil, err
	}
	return d.openPicture(ctx, "sightings/"+id, blobName(id, photoID))
}

// SightingThumb returns a photo of a sighting for a thumbnail of which nobody can
// tell what is on it, and which is all that leaves: so no reading is recorded. A
// sealed one has none.
func (d *Desk) SightingThumb(ctx context.Context, a Actor, id, photoID string) ([]byte, error) {
	p, err := d.tipPicture(ctx, a, id, photoID)
	if err != nil {
		return nil, err
	}
	if p.Sealed != nil {
		return nil, coded(journal.ErrNotFound)
	}
	return d.openPicture(ctx, "sightings/"+id, blobName(id, photoID))
}
