package demo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/alerts/cover"
	"homeward/alerts/paper"
	"homeward/partners/pack"
)

// keyGroup is the case with a group photo, keyPapers the one with papers.
const (
	keyGroup  = "petar"
	keyPapers = "elena"
)

// keepings plans the pictures and papers that a case has besides its photo.
func (t *teller) keepings(s *searching) {
	switch s.key {
	case keyGroup:
		t.on(s, s.opened.Add(40*time.Minute), func(ctx context.Context) error { return t.group(ctx, s) })
	case keyPapers:
		t.on(s, s.opened.Add(2*time.Hour), func(ctx context.Context) error { return t.hold(ctx, s) })
	}
}

// group adds a picture of the child between two friends, and the one on which
// the friends are covered.
func (t *teller) group(ctx context.Context, s *searching) error {
	v, err := t.Desk.Case(ctx, t.staff.operator, s.id)
	if err != nil {
		return err
	}
	friends := []child{{sex: "female", hair: "blonde"}, s.children[0], {sex: "male", hair: "red"}}
	all := image.NewRGBA(image.Rect(0, 0, 3*drawnWidth, drawnHeight))
	for i, c := range friends {
		face := fmt.Sprint("friend ", s.key, i)
		if i == 1 {
			face = fmt.Sprint("face ", s.key, 0)
		}
		one, err := portrait(newDice(face), c)
		if err != nil {
			return err
		}
		img, err := jpeg.Decode(bytes.NewReader(one))
		if err != nil {
			return fmt.Errorf("read a drawing: %w", err)
		}
		draw.Draw(all, image.Rect(i*drawnWidth, 0, (i+1)*drawnWidth, drawnHeight), img, image.Point{}, draw.Src)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, all, &jpeg.Options{Quality: 82}); err != nil {
		return fmt.Errorf("write a drawing: %w", err)
	}
	p, err := t.Desk.AddPhoto(ctx, t.staff.operator, s.id, alerts.NewPhoto{
		Picture: alerts.Picture{JPEG: out.Bytes(), Width: 3 * drawnWidth, Height: drawnHeight}, Child: v.Children[0].ID,
		TakenOn: s.seen.AddDate(-2, 0, 0).Format("2006-01"), Source: "The school, from an excursion", Use: alerts.UsePublic, Others: alerts.OthersSeen,
	}, alerts.Request{})
	if err != nil {
		return err
	}
	in := alerts.CoverPhoto{NobodyElse: true, Covered: []alerts.Box{{X: 6, Y: 10, Width: 22, Height: 70}, {X: 72, Y: 10, Width: 22, Height: 70}}}
	made, err := cover.Picture(out.Bytes(), in)
	if err != nil {
		return err
	}
	_, err = t.Desk.AddCovered(ctx, t.staff.operator, s.id, p.ID, in, made, alerts.Request{})
	return err
}

// hold adds two papers of a case: pages that say what they would be, the second
// of them twice.
func (t *teller) hold(ctx context.Context, s *searching) error {
	var made alerts.DocumentView
	for _, one := range []struct{ slot, text, note string }{
		{"birth_certificate", "Extract from the register of births", ""},
		{"custody_order", "Decision on custody, first page", "Only the first page; the rest is to come."},
		{"", "Decision on custody, complete", "With the clause that it is final."},
	} {
		p := paper.New(paper.Options{Lang: pack.English, Title: one.text, At: t.now})
		p.Title(one.text)
		p.Text("Everybody and everything in this demonstration is invented.")
		content, err := p.Bytes()
		if err != nil {
			return err
		}
		in := alerts.NewDocument{
			DocumentFile: alerts.DocumentFile{Kind: "pdf", Name: "scan.pdf", Content: slices.Clone(content)}, Slot: one.slot, Note: one.note,
		}
		if one.slot == "" {
			in.Replaces = made.ID
		}
		if made, err = t.Desk.AddDocument(ctx, t.staff.operator, s.id, in, alerts.Request{}); err != nil {
			return err
		}
	}
	return nil
}

// withPicture adds a drawing to a report, as a stranger may send a photo.
func (t *teller) withPicture(ctx context.Context, one *seen, in *alerts.NewSighting) error {
	if one.picture == 0 {
		return nil
	}
	drawing, err := portrait(newDice(fmt.Sprint("tip ", one.picture)), child{sex: "male", hair: "brown"})
	if err != nil {
		return err
	}
	up, err := t.Desk.Upload(ctx, alerts.Public(), alerts.Picture{JPEG: drawing, Width: drawnWidth, Height: drawnHeight}, alerts.Request{})
	in.Photos = []string{up.ID}
	return err
}

// sealed seals the second of the pictures, so that the demonstration shows one
// that nobody may open.
func (t *teller) sealed(ctx context.Context, one *seen, v alerts.SightingView) error {
	if one.picture != 2 || len(v.Photos) == 0 {
		return nil
	}
	_, err := t.Desk.SealPicture(ctx, t.staff.operator, v.ID, v.Photos[0].ID, alerts.RemovePhoto{Why: "An example: this is only a drawing."}, alerts.Request{})
	return err
}
