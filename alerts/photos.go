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
	// Source is who gave the picture, Use how far it may go and Others whether
	// somebody else can be recognised; all may be empty for unsaid.
	Source string `json:"source,omitempty"`
	Use    string `json:"use,omitempty"`
	Others string `json:"others,omitempty"`
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
		facts := PhotoChange{TakenOn: &in.TakenOn, Source: &in.Source, Use: &in.Use, Others: &in.Others}
		facts.inspect(i)
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
		Likeness: d.Ring.MAC("likeness", in.JPEG), AddedBy: a.ID, Source: in.Source, Use: in.Use, Others: in.Others,
	}
	if sealed, err := d.wasSealed(ctx, p.Likeness); err != nil || sealed {
		if err == nil {
			var f Fields
			f.Add("photo", "sealed_picture", "This picture is sealed. It cannot be attached to anything.")
			err = f.Err()
		}
		return PhotoView{}, err
	}
	return d.addPhoto(ctx, a, caseID, p, in.JPEG, r)
}

// addPhoto keeps a picture and names it in the case.
func (d *Desk) addPhoto(ctx context.Context, a Actor, caseID string, p Photo, jpeg []byte, r Request) (PhotoView, error) {
	if err := d.keepPicture(ctx, "cases/"+caseID, blobName(caseID, p.ID), jpeg); err != nil {
		return PhotoView{}, coded(err)
	}
	v, err := d.changeCase(ctx, a, "case.photo", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		p := p
		p.AddedAt = v.Now
		if p.Others != "" {
			p.OthersBy, p.OthersAt = a.ID, v.Now
		}
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
	main := p.Main
	p.Main = false
	next.Photos = append(slices.Clone(c.Photos), p)
	if main {
		next.makeMain(p.ID, a, now)
	}
	next.keepAMain(a, now)
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
	p := photoOf(c, photoID)
	if !d.seesClass(a, P1)(c) || p == nil || p.showsOthers() && !d.lensOn(a, c).seesOriginals() {
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
	if p := photoOf(c, photoID); p == nil || p.Removed != nil {
		return nil, coded(fmt.Errorf("photo %s: %w", photoID, journal.ErrNotFound))
	}
	return d.openPicture(ctx, "cases/"+c.ID, blobName(c.ID, photoID))
}
