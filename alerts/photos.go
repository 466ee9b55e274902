package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
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

// upload is the side record of a picture that no report has claimed yet.
type upload struct {
	Unit   string `json:"unit"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// uploadLasts is how long a picture waits for its report.
const uploadLasts = 24 * time.Hour

// Uploaded names a picture that waits for its report.
type Uploaded struct {
	ID string `json:"id"`
}

// Upload keeps a picture for a report that is being written. Pictures of one
// hour share a key, which is destroyed when the hour is swept.
func (d *Desk) Upload(ctx context.Context, a Actor, p Picture, r Request) (Uploaded, error) {
	if err := d.may(a, "photo.public"); err != nil {
		return Uploaded{}, err
	}
	if len(p.JPEG) == 0 || p.Width <= 0 || p.Height <= 0 {
		var f Fields
		f.Add("photo", "required", "Send a picture.")
		return Uploaded{}, f.Err()
	}
	now := d.Now()
	id, hour := d.idFor("upload", r), strconv.FormatInt(now.Unix()/3600, 10)
	if err := d.Side.PutSide(ctx, uploadHours, hour, time.Time{}, []byte{1}); err != nil {
		return Uploaded{}, coded(fmt.Errorf("note an hour of uploads: %w", err))
	}
	u := upload{"uploads/" + hour, p.Width, p.Height}
	if err := d.keepPicture(ctx, u.Unit, blobName(uploads, id), p.JPEG); err != nil {
		return Uploaded{}, coded(err)
	}
	raw, err := json.Marshal(u)
	if err != nil {
		return Uploaded{}, fmt.Errorf("write an upload's record: %w", err)
	}
	if err := d.Side.PutSide(ctx, uploads, id, now.Add(uploadLasts), raw); err != nil {
		return Uploaded{}, coded(fmt.Errorf("keep an upload's record: %w", err))
	}
	return Uploaded{id}, nil
}

// claim moves uploaded pictures to a sighting's own key. When the sighting is
// there already the request is a repeat, and its pictures have been moved.
func (d *Desk) claim(ctx context.Context, sightingID string, ids []string) ([]Photo, error) {
	if len(ids) == 0 || d.Board.HasSighting(sightingID) {
		return nil, nil
	}
	var f Fields
	var photos []Photo
	for i, id := range ids {
		p, err := d.claimOne(ctx, sightingID, id)
		if errors.Is(err, journal.ErrNotFound) {
			f.Add(fmt.Sprintf("photos[%d]", i), "unknown_photo", "This photo is not here any more. Send it again.")
			continue
		}
		if err != nil {
			return nil, err
		}
		photos = append(photos, p)
	}
	return photos, f.Err()
}

func (d *Desk) claimOne(ctx context.Context, sightingID, id string) (Photo, error) {
	raw, expires, err := d.Side.Side(ctx, uploads, id)
	if err != nil {
		return Photo{}, coded(fmt.Errorf("find an upload: %w", err))
	}
	var u upload
	if err := json.Unmarshal(raw, &u); err != nil {
		return Photo{}, fmt.Errorf("read an upload's record: %w", err)
	}
	if !expires.After(d.Now()) {
		return Photo{}, coded(fmt.Errorf("upload %s: %w", id, journal.ErrNotFound))
	}
	jpeg, err := d.openPicture(ctx, u.Unit, blobName(uploads, id))
	if err != nil {
		return Photo{}, err
	}
	p := Photo{ID: id, Width: u.Width, Height: u.Height, Likeness: d.Ring.MAC("likeness", jpeg)}
	return p, coded(d.keepPicture(ctx, "sightings/"+sightingID, blobName(sightingID, id), jpeg))
}

// claimed drops what has been moved. What stays behind in a crash is swept.
func (d *Desk) claimed(ctx context.Context, ids []string) {
	for _, id := range ids {
		err := errors.Join(d.Side.DropSide(ctx, uploads, id), d.Blobs.DropBlob(ctx, blobName(uploads, id)))
		if err != nil {
			d.Log.Warn("drop a claimed upload", "upload", id, "error", err)
		}
	}
}

// photosAt notes on claimed photos who brought them when.
func photosAt(photos []Photo, by string, at time.Time) []Photo {
	out := slices.Clone(photos)
	for i := range out {
		out[i].AddedBy, out[i].AddedAt = by, at
	}
	return out
}

// SweepPhotos drops pictures that no record names a day after they came, and
// the keys of old uploads. It returns how many pictures went.
func (d *Desk) SweepPhotos(ctx context.Context, now time.Time) (int, error) {
	var gone []string
	err := d.Blobs.EachBlob(ctx, func(id string, at time.Time) error {
		if now.Sub(at) > uploadLasts && d.orphan(id) {
			gone = append(gone, id)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("look for unnamed photos: %w", err)
	}
	for i, id := range gone {
		if err := d.Blobs.DropBlob(ctx, id); err != nil {
			return i, fmt.Errorf("drop an unnamed photo: %w", err)
		}
	}
	return len(gone), d.forgetHours(ctx, now)
}

// forgetHours destroys the keys of hours whose uploads can be claimed no more.
func (d *Desk) forgetHours(ctx context.Context, now time.Time) error {
	var hours, units []string
	err := d.Side.EachSide(ctx, uploadHours, func(hour string, _ []byte) error {
		if n, err := strconv.ParseInt(hour, 10, 64); err != nil || now.Sub(time.Unix(n*3600, 0)) > uploadLasts+time.Hour {
			hours, units = append(hours, hour), append(units, "uploads/"+hour)
		}
		return nil
	})
	if err == nil && len(units) > 0 {
		err = d.Ring.Forget(ctx, units)
	}
	for _, hour := range hours {
		if err == nil {
			err = d.Side.DropSide(ctx, uploadHours, hour)
		}
	}
	if err != nil {
		return fmt.Errorf("destroy the keys of old uploads: %w", err)
	}
	return nil
}

// orphan tells whether no record names a blob.
func (d *Desk) orphan(blob string) bool {
	record, photo, ok := strings.Cut(blob, ".")
	if !ok || record == uploads {
		return true
	}
	if c, ok := d.Board.Case(record); ok {
		return !slices.ContainsFunc(c.Photos, func(p Photo) bool { return p.ID == photo })
	}
	return !d.Board.HasSighting(record)
}
