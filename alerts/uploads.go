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
	if sealed, err := d.wasSealed(ctx, p.Likeness); err != nil {
		return Photo{}, err
	} else if sealed {
		p.Sealed = &PictureSeal{At: d.Now(), By: System().ID, Why: "The same picture was sealed before."}
	}
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
		if now.Sub(at) > uploadLasts && d.orphan(id, now) {
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
func (d *Desk) orphan(blob string, now time.Time) bool {
	record, photo, ok := strings.Cut(blob, ".")
	if !ok || record == uploads {
		return true
	}
	if slices.ContainsFunc(d.keepers, func(named func(string, time.Time) bool) bool { return named(blob, now) }) {
		return false
	}
	if c, ok := d.Board.Case(record); ok {
		return !c.namesBlob(photo, now)
	}
	return !d.Board.HasSighting(record)
}
