package web

import (
	"math"
	"strconv"
	"strings"

	"homeward/alerts"
	"homeward/geo"
)

// OriginWords says in a sentence what an area was worked out from.
func (p *Page) OriginWords(o *alerts.AreaOrigin) string {
	if o == nil {
		return ""
	}
	var parts []string
	if r := o.Reach; r != nil && len(o.Ways) > 0 {
		parts = append(parts, p.T("area.by_reach", "Hours", p.HoursOf(o.Ways[0].Hours), "Mode", p.Word("travel_by", o.Ways[0].Mode), "Place", p.Near(&r.From), "Radius", p.Distance(o.Ways[0].RadiusM)))
	}
	if k := o.Corridor; k != nil {
		parts = append(parts, p.T("area.by_corridor", "Width", p.Distance(k.WidthKM*1000), "Places", strings.Join(lineNames(k), " – "), "Length", p.Distance(k.LengthM())))
	}
	return strings.Join(parts, "; ")
}

// OriginShort says the same in a few words, for a list.
func (p *Page) OriginShort(o *alerts.AreaOrigin) string {
	var parts []string
	if r := o.Reach; r != nil && len(o.Ways) > 0 {
		parts = append(parts, p.T("area.short_reach", "Hours", p.HoursOf(o.Ways[0].Hours), "Mode", p.Word("travel_by", o.Ways[0].Mode), "Place", p.Near(&r.From)))
	}
	if k := o.Corridor; k != nil {
		parts = append(parts, p.T("area.short_corridor", "Places", strings.Join(lineNames(k), " – ")))
	}
	return strings.Join(parts, "; ")
}

// HoursOf writes a time in hours, with a tenth where it matters.
func (p *Page) HoursOf(h float64) string {
	text := strconv.FormatFloat(math.Round(h*10)/10, 'f', -1, 64)
	if p.Lang != English {
		text = strings.ReplaceAll(text, ".", ",")
	}
	return text
}

// TravelModes are the ways of travelling as choices.
func (p *Page) TravelModes() []Choice {
	all, err := geo.Travels()
	if err != nil {
		return nil
	}
	var out []Choice
	for _, t := range all {
		out = append(out, Choice{t.Mode, p.Word("travel", t.Mode)})
	}
	return out
}
