package geo

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Circle is every place within RadiusM metres of Center [longitude, latitude].
type Circle struct {
	Center  [2]float64 `json:"center" bson:"center"`
	RadiusM float64    `json:"radius_m" bson:"radius_m"`
}

// Area is where an alert goes or what a partner covers: the union of its
// regions, geometries and circles. The zero Area is nowhere.
type Area struct {
	Regions []string   `json:"regions,omitempty" bson:"regions,omitempty"`
	Areas   []Geometry `json:"areas,omitempty" bson:"areas,omitempty"`
	Circles []Circle   `json:"circles,omitempty" bson:"circles,omitempty"`
}

// Problem is one thing wrong with an Area. Field is a path into the Area as it
// was sent ("areas[0].coordinates[1]"), Code is for machines and translations,
// Message is plain English.
type Problem struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func problem(field, code string) Problem { return Problem{field, code, sentence(code)} }

func (p Problem) under(prefix string) Problem {
	switch {
	case p.Field == "":
		p.Field = prefix
	case prefix != "":
		p.Field = prefix + "." + p.Field
	}
	return p
}

// IsEmpty reports whether the area names nothing.
func (a Area) IsEmpty() bool {
	return len(a.Regions) == 0 && len(a.Areas) == 0 && len(a.Circles) == 0
}

// IsZero lets JSON's omitzero and BSON's omitempty leave an empty area out.
func (a Area) IsZero() bool { return a.IsEmpty() }

// Validate returns everything that is wrong with the area as it was sent, nil
// when nothing is. A wrong winding, repeated corners and the 180th meridian
// are no problems: Normalize repairs them. r may be nil, then region codes and
// swapped coordinates are not checked.
func (a Area) Validate(r *Regions) []Problem {
	if a.IsEmpty() {
		return []Problem{problem("", "empty")}
	}
	problems := a.sizeProblems()
	if len(problems) > 0 {
		return problems // the checks below cost more than the limits allow
	}
	problems = append(problems, a.regionProblems(r)...)
	home := r.home()
	for i, g := range a.Areas {
		for _, p := range g.problems(home) {
			problems = append(problems, p.under(fmt.Sprintf("areas[%d]", i)))
		}
	}
	for i, c := range a.Circles {
		for _, p := range c.problems(home) {
			problems = append(problems, p.under(fmt.Sprintf("circles[%d]", i)))
		}
	}
	if len(problems) == 0 && a.rings() > MaxRings {
		// A comb across the 180th meridian falls into many pieces.
		return []Problem{problem("areas", "too_many_rings")}
	}
	return problems
}

func (a Area) sizeProblems() []Problem {
	var problems []Problem
	size, vertices, rings := 0, 0, 0
	for _, g := range a.Areas {
		size += g.size
		for _, polygon := range g.Coordinates {
			rings += len(polygon)
			for _, ring := range polygon {
				vertices += countVertices(ring)
			}
		}
	}
	for _, limit := range []struct {
		over        bool
		field, code string
	}{
		{size > MaxAreaBytes, "areas", "too_large"},
		{vertices > MaxVertices, "areas", "too_many_vertices"},
		{rings > MaxRings, "areas", "too_many_rings"},
		{len(a.Areas) > MaxRings, "areas", "too_many_rings"},
		{len(a.Regions) > maxRegions, "regions", "too_many_regions"},
		{len(a.Circles) > maxCircles, "circles", "too_many_circles"},
	} {
		if limit.over {
			problems = append(problems, problem(limit.field, limit.code))
		}
	}
	return problems
}

// countVertices does not count the closing position, nor corners on the edge
// of the map: those are what splitting adds, and what is stored must stay valid.
func countVertices(ring [][2]float64) int {
	n := 0
	for i, p := range ring {
		if math.Abs(p[0]) == 180 || math.Abs(p[1]) == 90 || (i > 0 && i == len(ring)-1) {
			continue
		}
		n++
	}
	if len(ring) > 2*MaxVertices {
		return len(ring)
	}
	return n
}

func (a Area) regionProblems(r *Regions) []Problem {
	if r == nil {
		return nil
	}
	var problems []Problem
	for i, code := range a.Regions {
		if _, ok := r.Lookup(code); !ok {
			problems = append(problems, problem(fmt.Sprintf("regions[%d]", i), "unknown_region"))
		}
	}
	return problems
}

func (c Circle) problems(home Shape) []Problem {
	var problems []Problem
	code := positionFault(c.Center[0], c.Center[1], 180)
	if code == "" && !home.Empty() && swapped(At(c.Center[0], c.Center[1]), home) {
		code = "looks_swapped"
	}
	if code != "" {
		problems = append(problems, problem("center", code))
	}
	if !(c.RadiusM > 0 && c.RadiusM <= maxRadiusM) {
		problems = append(problems, problem("radius_m", "bad_radius"))
	}
	return problems
}

func (a Area) rings() int {
	n := 0
	for _, g := range a.Normalize().Areas {
		for _, polygon := range g.Coordinates {
			n += len(polygon)
		}
	}
	return n
}

// Normalize returns the area as it is stored: region codes in capitals, once
// each; rings wound as RFC 7946 says, without repeated corners, split at the
// 180th meridian and closed over a pole. Normalising twice changes nothing. It
// is meant for areas without problems; of others it keeps what has a meaning.
func (a Area) Normalize() Area {
	out := Area{Regions: a.regionCodes()}
	for _, g := range a.Areas {
		if g = g.normalize(); len(g.Coordinates) > 0 {
			out.Areas = append(out.Areas, g)
		}
	}
	out.Circles = slices.Clone(a.Circles)
	return out
}

func (a Area) regionCodes() []string {
	var out []string
	for _, code := range a.Regions {
		if code = regionCode(code); code != "" && !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}

// regionCode is the form in which region codes are compared and stored.
func regionCode(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }
