package web

import (
	"slices"

	"homeward/geo"
	"homeward/partners"
)

// Scope says in words which countries and regions a key is limited to.
func (p *Page) Scope(k partners.KeyView) string {
	if len(k.Regions) == 0 {
		return p.T("key_scope.all")
	}
	return p.CountryNames(k.Regions)
}

// ScopeCountries are the countries that a key of the organisation may be limited
// to: those that it covers, and those near that its coverage reaches into.
func (d partnerData) ScopeCountries(p *Page) []Choice {
	covered := p.s.Regions.Compile(d.View.Coverage)
	codes := slices.Clone(d.View.Coverage.Regions)
	for _, code := range nearCountries() {
		area := p.s.Regions.Compile(geo.Area{Regions: []string{code}})
		if len(d.View.Coverage.Regions) == 0 && area.Meets(covered, 0) {
			codes = append(codes, code)
		}
	}
	return p.regionChoices(codes)
}

// ScopeParts are the parts of the countries that the organisation covers.
func (d partnerData) ScopeParts(p *Page) []Choice {
	var codes []string
	for _, r := range p.s.Regions.All() {
		if slices.Contains(d.View.Coverage.Regions, r.Parent) {
			codes = append(codes, r.Code)
		}
	}
	return p.regionChoices(codes)
}

func (p *Page) regionChoices(codes []string) []Choice {
	out := []Choice{}
	for _, code := range codes {
		out = append(out, Choice{code, p.Region(code)})
	}
	slices.SortFunc(out, func(x, y Choice) int { return slices.Compare(alphabetical(x.Label), alphabetical(y.Label)) })
	return out
}
