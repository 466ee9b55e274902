package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/alerts/cover"
)

// coverData is the page on which others on a photo are covered. Everything that
// was drawn is in its form, so that it works without script.
type coverData struct {
	caseFrame
	Form  *Form
	Photo alerts.PhotoView
	// Boxes are the rectangles, Crop the one around the child's face, Corner the
	// first of two corners that were pressed.
	Boxes  []coverBox
	Crop   *coverBox
	Corner string
	// Marked and Result are the addresses of the picture as it stands and of what
	// comes of it; Result is empty while there is nothing to see.
	Marked, Result string
}

// coverBox is one rectangle with the names of its fields.
type coverBox struct {
	Name string
	N    int
	alerts.Box
}

// coverSides are the numbers of a rectangle in their order.
func coverSides() []string { return []string{"x", "y", "width", "height"} }

// Sides are the fields of a rectangle, in percent.
func (b coverBox) Sides() []Choice {
	out := make([]Choice, 4)
	for i, n := range []float64{b.X, b.Y, b.Width, b.Height} {
		out[i] = Choice{coverSides()[i], strconv.FormatFloat(n, 'f', -1, 64)}
	}
	return out
}

func (s *Server) coverPage(c *fiber.Ctx, a alerts.Actor) error {
	return s.showCover(c, a, s.newForm("photo", c.Query("photo"), "tool", "covered"), alerts.CoverPhoto{}, "")
}

func (s *Server) showCover(c *fiber.Ctx, a alerts.Actor, f *Form, in alerts.CoverPhoto, corner string) error {
	frame, err := s.caseFrameOf(c, a, "photos")
	if err != nil {
		return err
	}
	p := coverOf(frame.Case.Photos, f.Get("photo"))
	if p == nil {
		return alerts.Errorf(alerts.NotFound, "There is nothing here that you can see.")
	}
	d := coverData{caseFrame: frame, Form: f, Photo: *p, Corner: corner}
	for i, b := range in.Covered {
		d.Boxes = append(d.Boxes, coverBox{fmt.Sprintf("covered[%d]", i), i + 1, b})
	}
	q := url.Values{"photo": {p.ID}}
	addBoxes(q, in)
	if in.Crop != nil {
		d.Crop = &coverBox{"crop", 0, *in.Crop}
	}
	at := "/desk/cases/" + frame.Case.ID + "/cover/picture.jpg?"
	if len(in.Check()) == 0 {
		d.Result = at + q.Encode() + "&view=result"
	} else {
		q.Del("box")
		q.Del("crop")
		addBoxes(q, wholeBoxes(in))
	}
	if corner != "" {
		q.Set("corner", corner)
	}
	d.Marked = at + q.Encode() + "&view=marked"
	return s.render(c, layoutConsole, "cover", d)
}

// wholeBoxes leaves out the rectangles that have faults.
func wholeBoxes(in alerts.CoverPhoto) (out alerts.CoverPhoto) {
	for _, b := range in.Covered {
		if one := (alerts.CoverPhoto{Covered: []alerts.Box{b}}); len(one.Check()) == 0 {
			out.Covered = append(out.Covered, b)
		}
	}
	if one := (alerts.CoverPhoto{Crop: in.Crop}); len(one.Check()) == 0 {
		out.Crop = in.Crop
	}
	return out
}

func addBoxes(q url.Values, in alerts.CoverPhoto) {
	for _, b := range in.Covered {
		q.Add("box", boxText(b))
	}
	if in.Crop != nil {
		q.Set("crop", boxText(*in.Crop))
	}
}

func boxText(b alerts.Box) string {
	parts := make([]string, 4)
	for i, n := range []float64{b.X, b.Y, b.Width, b.Height} {
		parts[i] = strconv.FormatFloat(n, 'f', -1, 64)
	}
	return strings.Join(parts, ",")
}

// coverOf is the photo of that id, or else the one that needs it first.
func coverOf(photos []alerts.PhotoView, id string) *alerts.PhotoView {
	var first *alerts.PhotoView
	for i := range photos {
		p := &photos[i]
		switch {
		case p.Removed != nil:
		case id != "" && p.ID == id:
			return p
		case id == "" && p.ShowsOthers():
			return p
		case first == nil:
			first = p
		}
	}
	if id != "" {
		return nil
	}
	return first
}

// coverPressed carries out what was pressed on the page, or keeps the new photo.
func (s *Server) coverPressed(c *fiber.Ctx, a alerts.Actor) error {
	f, err := s.formOf(c)
	if err != nil {
		return err
	}
	in := f.cover()
	if f.Get("act") != "save" {
		return s.showCover(c, a, f, in, f.coverActs(&in))
	}
	if len(f.Errors) == 0 {
		_, err = s.covered(c, a, c.Params("id"), f.Get("photo"), in, s.request(c, a, c.Body()))
		if err == nil {
			return c.Redirect("/desk/cases/"+c.Params("id")+"/photos", fiber.StatusSeeOther)
		}
		if !f.Refused(err) {
			return err
		}
	}
	c.Status(fiber.StatusUnprocessableEntity)
	return s.showCover(c, a, f, in, "")
}

// covered makes the new picture and adds it to the case.
func (s *Server) covered(c *fiber.Ctx, a alerts.Actor, caseID, photoID string, in alerts.CoverPhoto, r alerts.Request) (alerts.PhotoView, error) {
	var made alerts.Picture
	if len(in.Check()) == 0 {
		b, err := s.Alerts.Uncovered(c.UserContext(), a, caseID, photoID)
		if err != nil {
			return alerts.PhotoView{}, err
		}
		if err := s.decoded(c.UserContext(), func() (err error) { made, err = cover.Picture(b, in); return err }); err != nil {
			return alerts.PhotoView{}, err
		}
	}
	return s.Alerts.AddCovered(c.UserContext(), a, caseID, photoID, in, made, r)
}

// cover reads the rectangles of the form. A row that is empty is none.
func (f *Form) cover() alerts.CoverPhoto {
	in := alerts.CoverPhoto{NobodyElse: f.On("nobody_else"), Main: f.On("main")}
	for i := range min(f.Number("boxes"), 200) {
		if b := f.box(fmt.Sprintf("covered[%d]", i)); b != nil {
			in.Covered = append(in.Covered, *b)
		}
	}
	in.Crop = f.box("crop")
	return in
}

func (f *Form) box(name string) *alerts.Box {
	var n [4]float64
	given := false
	for i, side := range coverSides() {
		n[i] = f.Decimal(name + "." + side)
		given = given || f.Get(name+"."+side) != ""
	}
	if !given {
		return nil
	}
	return &alerts.Box{X: n[0], Y: n[1], Width: n[2], Height: n[3]}
}

// coverActs carries out a button of the page that only changes what is drawn,
// and returns the first corner if one waits for its second.
func (f *Form) coverActs(in *alerts.CoverPhoto) string {
	act, which, _ := strings.Cut(f.Get("act"), " ")
	switch act {
	case "undo":
		switch n := len(in.Covered); {
		case f.Get("corner") != "":
		case n > 0:
			in.Covered = in.Covered[:n-1]
		default:
			in.Crop = nil
		}
		return ""
	case "add":
		in.Covered = append(in.Covered, alerts.Box{X: 40, Y: 40, Width: 20, Height: 20})
	case "drop":
		if n, err := strconv.Atoi(which); err == nil && n >= 1 && n <= len(in.Covered) {
			in.Covered = append(in.Covered[:n-1:n-1], in.Covered[n:]...)
		} else if which == "crop" {
			in.Crop = nil
		}
	case "":
		if f.Get("at.x") != "" {
			return f.pressed(in)
		}
	}
	return f.Get("corner")
}

// pressed takes a place that was pressed on the picture: the first is a corner,
// the second the one across.
func (f *Form) pressed(in *alerts.CoverPhoto) string {
	height, err := strconv.ParseFloat(f.Get("height"), 64)
	x, y := f.Decimal("at.x"), f.Decimal("at.y")
	if err != nil || height < 1 {
		return ""
	}
	x, y = inPercent(x/markedWidth), inPercent(y/height)
	var first [2]float64
	if n, err := fmt.Sscanf(f.Get("corner"), "%g,%g", &first[0], &first[1]); n < 2 || err != nil {
		return strconv.FormatFloat(x, 'f', -1, 64) + "," + strconv.FormatFloat(y, 'f', -1, 64)
	}
	b := alerts.Box{X: min(x, first[0]), Y: min(y, first[1])}
	b.Width, b.Height = inPercent((max(x, first[0])-b.X)/100), inPercent((max(y, first[1])-b.Y)/100)
	if f.Get("tool") == "crop" {
		in.Crop = &b
		f.Set("tool", "covered")
	} else {
		in.Covered = append(in.Covered, b)
	}
	return ""
}

// inPercent writes a share as percent with one decimal, within the picture.
func inPercent(share float64) float64 {
	return float64(int(min(max(share, 0), 1)*1000+0.5)) / 10
}

// coverPicture answers the picture of the page: as it stands, as it is drawn on,
// or as it comes out.
func (s *Server) coverPicture(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	photo, view, corner, crop := q.text("photo"), q.text("view"), q.text("corner"), q.text("crop")
	if err := q.Err(); err != nil {
		return err
	}
	var in alerts.CoverPhoto
	var f alerts.Fields
	for i, raw := range c.Context().QueryArgs().PeekMulti("box") {
		in.Covered = append(in.Covered, readBox(string(raw), &f, fmt.Sprintf("covered[%d]", i)))
	}
	if crop != "" {
		b := readBox(crop, &f, "crop")
		in.Crop = &b
	}
	if len(in.Covered) > 0 || in.Crop != nil {
		f = append(f, in.Check()...)
	}
	if err := f.Err(); err != nil {
		return err
	}
	b, err := s.Alerts.Uncovered(c.UserContext(), a, c.Params("id"), photo)
	if err != nil {
		return err
	}
	var p alerts.Picture
	err = s.decoded(c.UserContext(), func() (err error) {
		p, err = coverView(b, in, view, corner)
		return err
	})
	if err != nil {
		return err
	}
	return sendPicture(c, p.JPEG)
}

func coverView(b []byte, in alerts.CoverPhoto, view, corner string) (alerts.Picture, error) {
	switch view {
	case "result":
		return cover.Picture(b, in)
	case "plain":
		out, err := smaller(b)
		return alerts.Picture{JPEG: out}, err
	}
	var at *alerts.Box
	var x, y float64
	if n, err := fmt.Sscanf(corner, "%g,%g", &x, &y); n == 2 && err == nil && x >= 0 && x <= 100 && y >= 0 && y <= 100 {
		at = &alerts.Box{X: min(x, 99), Y: min(y, 99), Width: 1, Height: 1}
	}
	return cover.Marked(b, in, at, markedWidth)
}

// readBox reads x,y,width,height in percent.
func readBox(s string, f *alerts.Fields, field string) (b alerts.Box) {
	n, err := fmt.Sscanf(s, "%g,%g,%g,%g", &b.X, &b.Y, &b.Width, &b.Height)
	if n < 4 || err != nil {
		f.Add(field, "not_a_number", "Write x, y, width and height in percent.")
	}
	return b
}

// EmptyBox is the row that a new rectangle gets by script.
func (p *Page) EmptyBox() coverBox { return coverBox{Name: "covered[x]", N: 1} }

// MarkedHeight is how high the picture is that is pressed without script.
func (p *Page) MarkedHeight(v alerts.PhotoView) int {
	return max(1, v.Height*markedWidth/max(1, v.Width))
}

// PhotoUses are the words for how far a photo may go, PhotoOthers those for who
// else is on it.
func (p *Page) PhotoUses() []string { return alerts.PhotoUses() }

// PhotoOthers are the words for whether others can be recognised on a photo.
func (p *Page) PhotoOthers() []string { return alerts.PhotoOthers() }
