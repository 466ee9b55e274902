package poster

import "strings"

// pieces are the parts of a page in the sheet's units, u being a hundredth of
// the page's width.
type pieces struct {
	top, foot, call float64 // heights
	photo           box
	text            box
	// more is where the whole text stands when it has a place of its own below
	// the photo, with the facts beside the photo.
	more box
	// who is the size of the names, body that of the text.
	who, body float64
	edge      float64
	// facts is how many facts there is room for.
	facts int
}

// sheetOf lays a poster out on a page.
func sheetOf(c *Content, w, h float64, p pieces) (*sheet, error) {
	s, err := newSheet(w, h)
	if err != nil {
		return nil, err
	}
	s.fill(box{0, 0, w, h}, white())
	s.fill(box{0, 0, w, p.top}, alarm())
	top := p.top
	if c.Mark != "" {
		top *= 0.66
		b := box{0, top, w, p.top - top}
		s.fill(b, colour{255, 214, 0})
		s.fit(b, look{size: b.h * 0.62, bold: true, colour: black(), centre: true}, b.h*0.2, c.Mark)
	}
	s.fit(box{p.edge, 0, w - 2*p.edge, top}, look{size: top * 0.62, bold: true, colour: white(), centre: true}, top*0.2, c.Missing)
	s.picture(c, &p)
	s.words(c, p)
	s.below(c, p)
	return s, nil
}

// picture puts the photo with its age, or gives its place to the text.
func (s *sheet) picture(c *Content, p *pieces) {
	if len(c.Photo) == 0 {
		if p.more.h > 0 { // everything in one
			p.text.h = p.more.y + p.more.h - p.text.y
			p.more = box{}
		}
		if p.text.x > p.photo.x { // beside it
			p.text.w += p.text.x - p.photo.x
			p.text.x = p.photo.x
		} else {
			p.text.h += p.text.y - p.photo.y
			p.text.y = p.photo.y
		}
		return
	}
	note := p.body * 0.72
	b := p.photo
	if c.PhotoNote != "" {
		b.h -= note * high * 1.1
		s.fit(box{b.x, b.y + b.h, b.w, note * high * 1.2}, look{size: note, colour: quiet(), centre: true}, note*0.6, c.PhotoNote)
	}
	s.steps = append(s.steps, step{kind: photo, box: b})
}

// paragraphs are a flow being put together; empty texts are left out.
type paragraphs []part

func (a *paragraphs) add(size float64, bold bool, of colour, after float64, text string) {
	if strings.TrimSpace(text) != "" {
		*a = append(*a, part{look{size: size, bold: bold, colour: of}, text, after})
	}
}

// words are who it is, when last seen, and what to look for.
func (s *sheet) words(c *Content, p pieces) {
	apart := p.more.h > 0
	var parts, more paragraphs
	for _, who := range c.Who {
		parts.add(p.who, true, black(), 0.1, who)
	}
	parts.add(p.body, true, alarm(), 0.5, c.Seen)
	text := &parts
	if apart {
		text = &more
	}
	if !contains(c.Who, c.Headline) {
		text.add(p.body*1.15, true, black(), 0.35, c.Headline)
	}
	text.add(p.body, false, black(), 0.45, c.Description)
	for _, f := range c.Facts[:min(len(c.Facts), p.facts)] {
		parts.add(p.body, false, black(), 0.15, f.Name+": "+f.Value)
	}
	text.add(p.body, true, black(), 0, c.Instruction)
	s.flow(p.text, leastSize, parts)
	s.flow(p.more, leastSize, more)
}

// leastSize is how far letters shrink before a text is cut.
const leastSize = 0.45

func contains(all []string, text string) bool {
	for _, one := range all {
		if strings.EqualFold(strings.TrimSpace(one), strings.TrimSpace(text)) {
			return true
		}
	}
	return false
}

// below is whom to call, the code to the live page, and how long this is valid.
func (s *sheet) below(c *Content, p pieces) {
	y := s.h - p.foot - p.call
	s.fill(box{0, y, s.w, p.call}, paleOf(alarm()))
	gap := p.body * 0.6
	side := p.call - 2*gap
	s.steps = append(s.steps, step{kind: code, box: box{s.w - p.edge - side, y + gap, side, side}})
	scan := side * 1.05
	s.fit(box{s.w - p.edge - side - gap - scan, y + gap, scan, side}, look{size: p.body * 0.78, colour: black()}, p.body*0.4, c.Scan)
	left := box{p.edge, y + gap, s.w - 2*p.edge - side - 2*gap - scan, side}
	head := p.body * high * 1.15
	s.fit(box{left.x, left.y, left.w, head}, look{size: p.body, bold: true, colour: black()}, p.body*0.5, c.Call)
	s.numbers(box{left.x, left.y + head + gap*0.4, left.w, left.h - head - gap*0.4}, c.Numbers, gap)
	s.foot(c, p)
}

func (s *sheet) numbers(b box, all []Number, gap float64) {
	w := (b.w - gap*float64(len(all)-1)) / float64(len(all))
	for i, n := range all {
		one := box{b.x + float64(i)*(w+gap), b.y, w, b.h}
		s.fill(one, white())
		in := one.in(gap * 0.25)
		s.fit(box{in.x, in.y, in.w, in.h * 0.58}, look{size: in.h * 0.42, bold: true, colour: alarm(), centre: true}, in.h*0.1, n.Number)
		s.fit(box{in.x, in.y + in.h*0.58, in.w, in.h * 0.42}, look{size: in.h * 0.2, colour: black(), centre: true}, in.h*0.06, n.Name)
	}
}

func (s *sheet) foot(c *Content, p pieces) {
	b := box{p.edge, s.h - p.foot, s.w - 2*p.edge, p.foot}
	small := look{size: p.body * 0.62, colour: quiet()}
	s.fit(box{b.x, b.y + b.h*0.06, b.w, b.h * 0.46}, small, p.body*0.3, c.Until)
	s.fit(box{b.x, b.y + b.h*0.52, b.w, b.h * 0.42}, small, p.body*0.3, strings.Trim(c.From+" · "+c.Address, " ·"))
}
