package alerts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/journal"
)

// Picture is a clean JPEG without metadata, as web has decoded and written it
// anew.
type Picture struct {
	JPEG          []byte
	Width, Height int
}

// NewPhoto adds a picture to a case.
type NewPhoto struct {
	Picture `json:"-"`
	Child   string `json:"child,omitempty"`
	Main    bool   `json:"main,omitempty"`
	// TakenOn is YYYY-MM-DD or a part of it.
	TakenOn string `json:"taken_on,omitempty"`
}

// A blob's name begins with the record it belongs to, so that what no record
// names can be found and swept.
func blobName(record, photo string) string { return record + "." + photo }

const (
	uploads = "upload"
	// uploadHours are the hours for which there is a key.
	uploadHours = "upload_hour"
)

// keepPicture seals a picture with a unit's key and stores it. The key is on
// disk before the picture is.
func (d *Desk) keepPicture(ctx context.Context, unit, blob string, jpeg []byte) error {
	sealed, err := d.Ring.Seal(unit, []byte(blob), jpeg)
	if err != nil {
		return fmt.Errorf("seal a photo: %w", err)
	}
	if err := d.Ring.Flush(ctx); err != nil {
		return fmt.Errorf("keep the key of a photo: %w", err)
	}
	if err := d.Blobs.PutBlob(ctx, blob, sealed); err != nil {
		return fmt.Errorf("keep a photo: %w", err)
	}
	return nil
}

func (d *Desk) openPicture(ctx context.Context, unit, blob string) ([]byte, error) {
	sealed, err := d.Blobs.Blob(ctx, blob)
	if err != nil {
		return nil, coded(fmt.Errorf("read a photo: %w", err))
	}
	jpeg, err := d.Ring.Open(unit, []byte(blob), sealed)
	if err != nil {
		return nil, coded(fmt.Errorf("open a photo: %w", err))
	}
	return jpeg, nil
}

// AddPhoto adds a photo to a case. The picture is on disk before the change
// that names it.
func (d *Desk) AddPhoto(ctx context.Context, a Actor, caseID string, in NewPhoto, r Request) (PhotoView, error) {
	err := d.caseCommand(a, "case.photo", caseID, func(now time.Time) Fields {
		i := &inspection{now: now}
		i.day("taken_on", in.TakenOn)
		if len(in.JPEG) == 0 || in.Width <= 0 || in.Height <= 0 {
			i.Add("photo", "required", "Send a picture.")
		}
		return i.Fields
	})
	if err != nil {
		return PhotoView{}, err
	}
	p := Photo{
		ID: d.idFor("photo", r), Child: in.Child, Main: in.Main, TakenOn: in.TakenOn, Width: in.Width, Height: in.Height,
		Likeness: d.Ring.MAC("likeness", in.JPEG), AddedBy: a.ID,
	}
	if err := d.keepPicture(ctx, "cases/"+caseID, blobName(caseID, p.ID), in.JPEG); err != nil {
		return PhotoView{}, coded(err)
	}
	v, err := d.changeCase(ctx, a, "case.photo", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		p := p
		p.AddedAt = v.Now
		return photoRule(c, p, a, v.Now)
	})
	if err != nil {
		return PhotoView{}, err
	}
	return byID(v.Photos, func(o PhotoView) bool { return o.ID == p.ID })
}

func photoRule(c *Case, p Photo, a Actor, now time.Time) ([]journal.Document, error) {
	if err := workable(c); err != nil {
		return nil, err
	}
	var f Fields
	if p.Child != "" && !slices.ContainsFunc(c.Children, func(o Child) bool { return o.ID == p.Child }) {
		f.Add("child", "unknown_child", "This case has no child with this id.")
	}
	if len(c.Photos) >= 20*maxPhotos {
		f.Add("photo", "too_many", fmt.Sprintf("At most %d photos.", 20*maxPhotos))
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	next := *c
	next.Photos = slices.Clone(c.Photos)
	if len(next.Photos) == 0 {
		p.Main = true
	}
	for i := range next.Photos {
		if p.Main && next.Photos[i].Child == p.Child {
			next.Photos[i].Main = false
		}
	}
	next.Photos = append(next.Photos, p)
	next.edited(a, now, "photos")
	return []journal.Document{&next}, nil
}

// CasePhoto returns a photo of a case as a JPEG. A photo is a right of its own,
// and its reading is recorded as such.
func (d *Desk) CasePhoto(ctx context.Context, a Actor, caseID, photoID string) ([]byte, error) {
	c, err := d.VisibleCase(a, caseID)
	if err != nil {
		return nil, err
	}
	if !d.seesClass(a, P1)(c) {
		return nil, coded(journal.ErrNotFound)
	}
	if err := d.Reads.Record(ctx, a, "cases/"+caseID+"/photos/"+photoID, P1); err != nil {
		return nil, err
	}
	return d.OpenPhoto(ctx, c, photoID)
}

// OpenPhoto returns a photo of a case as a JPEG. It checks nothing: the caller
// knows that who gets it may see it, such as the readers of an appeal.
func (d *Desk) OpenPhoto(ctx context.Context, c *Case, photoID string) ([]byte, error) {
	if !slices.ContainsFunc(c.Photos, func(p Photo) bool { return p.ID == photoID }) {
		return nil, coded(fmt.Errorf("photo %s: %w", photoID, journal.ErrNotFound))
	}
	return d.openPicture(ctx, "cases/"+c.ID, blobName(c.ID, photoID))
}

// SightingPhoto returns a photo of a sighting as a JPEG.
func (d *Desk) SightingPhoto(ctx context.Context, a Actor, id, photoID string) ([]byte, error) {
	s, c, err := d.visibleSighting(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if !d.seesClass(a, P7)(c) || !slices.ContainsFunc(s.Photos, func(p Photo) bool { return p.ID == photoID }) {
		return nil, coded(journal.ErrNotFound)
	}
	if err := d.Reads.Record(ctx, a, "sightings/"+id+"/photos/"+photoID, P7); err != nil {
		return nil, err
	}
	return d.openPicture(ctx, "sightings/"+id, blobName(id, photoID))
}
