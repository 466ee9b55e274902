package geo

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"homeward/geo/script"
)

// ErrRegion is wrapped when a region code or an import cannot be used.
var ErrRegion = errors.New("unusable region")

// Limits of one import; a country's municipalities stay far below.
const (
	maxImportBytes    = 64 << 20
	maxImportVertices = 2_000_000
)

// Import adds the features of a GeoJSON FeatureCollection, each a Polygon or
// MultiPolygon with the properties code (required), parent, kind, and name or
// names {en, sr-Latn, sr-Cyrl}. A known code gets the new boundary and keeps
// the names that the feature does not give. Either all features are taken, or
// none and the error names the first wrong one. Outlines are not searched for
// crossings: agencies' boundaries have some, and even-odd still decides.
func (r *Regions) Import(geojson []byte) (added []Region, err error) {
	if len(geojson) > maxImportBytes {
		return nil, fmt.Errorf("%w: the file is larger than 64 MiB", ErrRegion)
	}
	var file struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}
	if err := json.Unmarshal(geojson, &file); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRegion, err)
	}
	if file.Type != "FeatureCollection" || len(file.Features) == 0 {
		return nil, fmt.Errorf("%w: a FeatureCollection with features is wanted", ErrRegion)
	}
	budget := maxImportVertices
	parts := make([][]part, len(file.Features))
	for i := range file.Features {
		if parts[i], err = file.Features[i].compile(&budget); err != nil {
			return nil, fmt.Errorf("%w: feature %d (%s): %w", ErrRegion, i, clipText(file.Features[i].Properties.Code, 16), err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.checkParents(file.Features); err != nil {
		return nil, err
	}
	for i := range file.Features {
		e := r.put(file.Features[i].region())
		e.own, e.Boundary = parts[i], true
		added = append(added, e.Region)
	}
	clear(r.resolved)
	r.replant()
	return added, nil
}

type feature struct {
	Properties struct {
		Code   string `json:"code"`
		Parent string `json:"parent"`
		Kind   string `json:"kind"`
		Name   string `json:"name"`
		Names  Names  `json:"names"`
	} `json:"properties"`
	Geometry json.RawMessage `json:"geometry"`
}

func (f *feature) compile(budget *int) ([]part, error) {
	code := regionCode(f.Properties.Code)
	if code == "" || len(code) > 16 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "" {
		return nil, errors.New("properties.code must be 1 to 16 letters, digits or dashes")
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(f.Geometry, &raw); err != nil {
		return nil, errors.New("it has no geometry")
	}
	var g Geometry
	_ = json.Unmarshal(raw["type"], &g.Type) // another JSON type is refused by read
	g.read(raw["coordinates"])
	if len(g.faults) > 0 {
		return nil, errors.New(g.faults[0].Message)
	}
	for i, polygon := range g.Coordinates {
		for _, ring := range polygon {
			*budget -= len(ring)
		}
		if found := g.ringProblems(i, polygon); len(found) > 0 {
			return nil, fmt.Errorf("%s: %s", found[0].Field, found[0].Message)
		}
	}
	if *budget < 0 {
		return nil, errors.New("the file has more than 2,000,000 corners")
	}
	var parts []part
	for _, polygon := range g.normalize().Coordinates {
		parts = append(parts, polygonPart(polygon))
	}
	if len(parts) == 0 {
		return nil, errors.New(sentence("zero_area"))
	}
	return parts, nil
}

// region fills both alphabets from whichever Serbian name there is.
func (f *feature) region() Region {
	p := f.Properties
	n := p.Names
	if n.En == "" {
		n.En = p.Name
	}
	if n.SrLatn == "" {
		n.SrLatn = script.ToLatin(n.SrCyrl)
	}
	if n.SrCyrl == "" {
		n.SrCyrl = script.ToCyrillic(n.SrLatn)
	}
	return Region{Code: regionCode(p.Code), Parent: regionCode(p.Parent), Kind: p.Kind, Names: n}
}

// checkParents refuses parents that are neither known nor in the file.
func (r *Regions) checkParents(features []feature) error {
	for _, f := range features {
		parent := regionCode(f.Properties.Parent)
		if parent == "" || r.entries[parent] != nil {
			continue
		}
		if !slices.ContainsFunc(features, func(o feature) bool { return regionCode(o.Properties.Code) == parent }) {
			return fmt.Errorf("%w: parent %s of %s is not known", ErrRegion, clipText(parent, 16), clipText(f.Properties.Code, 16))
		}
	}
	return nil
}
