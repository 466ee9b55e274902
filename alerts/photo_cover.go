package alerts

import (
	"context"
	"fmt"
	"math"
	"time"

	"homeward/journal"
)

// maxBoxes is how many places of one picture can be covered at once.
const maxBoxes = 40

// CoverPhoto makes a new photo of one that is there: parts of it made
// unrecognisable, or one face cut out of it. The picture itself is made by
// whoever calls, as web has it decoded.
type CoverPhoto struct {
	Crop    *Box  `json:"crop,omitempty"`
	Covered []Box `json:"covered,omitempty"`
	// NobodyElse says that the actor has looked at the result and can recognise
	// nobody else on it. It is required.
	NobodyElse bool `json:"nobody_else"`
	// Main makes the new photo the main one of its child.
	Main bool `json:"main,omitempty"`
}

// Check returns everything that is wrong with what is to be covered.
func (in *CoverPhoto) Check() Fields {
	var f Fields
	if in.Crop == nil && len(in.Covered) == 0 {
		f.Add("covered", "required", "Draw at least one rectangle over somebody, or around the child's face.")
	}
	if len(in.Covered) > maxBoxes {
		f.Add("covered", "too_many", fmt.Sprintf("At most %d rectangles.", maxBoxes))
		return f
	}
	for i, b := range in.Covered {
		b.check(&f, fmt.Sprintf("covered[%d]", i))
	}
	if in.Crop != nil {
		in.Crop.check(&f, "crop")
	}
	return f
}

// leastBox is the least side of a rectangle, in percent of the picture's.
const leastBox = 0.5

func (b Box) check(f *Fields, field string) {
	for _, n := range []float64{b.X, b.Y, b.Width, b.Height} {
		if math.IsNaN(n) || math.IsInf(n, 0) {
			f.Add(field, "out_of_range", "Write the four numbers in percent, from 0 to 100.")
			return
		}
	}
	const slack = 1e-6
	switch {
	case b.X < 0 || b.Y < 0 || b.X+b.Width > 100+slack || b.Y+b.Height > 100+slack:
		f.Add(field, "outside", "This rectangle goes beyond the edge of the picture.")
	case b.Width < leastBox || b.Height < leastBox:
		f.Add(field, "too_small", "This rectangle is too small to cover anything.")
	}
}

// Uncovered returns the picture that others are to be covered on, for whoever
// may do that. The reading is recorded.
func (d *Desk) Uncovered(ctx context.Context, a Actor, caseID, photoID string) ([]byte, error) {
	if err := d.may(a, "case.photo"); err != nil {
		return nil, err
	}
	return d.CasePhoto(ctx, a, caseID, photoID)
}

// AddCovered adds the picture that came of covering parts of another photo of
// the case, which stays as it is.
func (d *Desk) AddCovered(ctx context.Context, a Actor, caseID, photoID string, in CoverPhoto, made Picture, r Request) (PhotoView, error) {
	err := d.caseCommand(a, "case.photo", caseID, func(time.Time) Fields {
		f := in.Check()
		if !in.NobodyElse {
			f.Add("nobody_else", "look_first", "Look at the new picture and say that nobody else can be recognised on it.")
		}
		return f
	})
	if err != nil {
		return PhotoView{}, err
	}
	c, err := d.VisibleCase(a, caseID)
	if err != nil {
		return PhotoView{}, err
	}
	p := photoOf(c, photoID)
	if p == nil || p.Removed != nil || p.showsOthers() && !d.lensOn(a, c).seesOriginals() {
		return PhotoView{}, coded(fmt.Errorf("photo %s: %w", photoID, journal.ErrNotFound))
	}
	from := *p
	return d.addPhoto(ctx, a, caseID, Photo{
		ID: d.idFor("photo", r), Child: from.Child, Main: in.Main, TakenOn: from.TakenOn, Width: made.Width, Height: made.Height,
		Likeness: d.Ring.MAC("likeness", made.JPEG), AddedBy: a.ID, Source: from.Source, Use: from.Use,
		Others: OthersCovered, From: photoID, Crop: in.Crop, Covered: in.Covered,
	}, made.JPEG, r)
}
