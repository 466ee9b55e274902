package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// topology is the part of TopoJSON that world-atlas uses.
type topology struct {
	Transform struct {
		Scale     [2]float64 `json:"scale"`
		Translate [2]float64 `json:"translate"`
	} `json:"transform"`
	Objects struct {
		Countries struct {
			Geometries []country `json:"geometries"`
		} `json:"countries"`
	} `json:"objects"`
	Arcs [][][2]int `json:"arcs"`
}

type country struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	Arcs       json.RawMessage `json:"arcs"`
	Properties struct {
		Name string `json:"name"`
	} `json:"properties"`
}

// polygons is country, polygon, ring, arc; a negative arc i is arc ^i reversed.
type polygons map[string][][][]int

func readTopology(path string) (*topology, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t := new(topology)
	if err := json.Unmarshal(data, t); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return t, nil
}

func (c country) polygons() ([][][]int, error) {
	if c.Type == "MultiPolygon" {
		var p [][][]int
		err := json.Unmarshal(c.Arcs, &p)
		return p, err
	}
	var p [][]int
	err := json.Unmarshal(c.Arcs, &p)
	return [][][]int{p}, err
}

// buildWorld writes the 1:50m countries, and from 1:10m those too small for it.
func buildWorld(dir string, countries []map[string]string) ([]byte, error) {
	coarse, err := readTopology(filepath.Join(dir, "countries-50m.json"))
	if err != nil {
		return nil, err
	}
	fine, err := readTopology(filepath.Join(dir, "countries-10m.json"))
	if err != nil {
		return nil, err
	}
	byNumber := map[string]string{}
	for _, c := range countries {
		byNumber[c["numeric"]] = c["code"]
	}
	all := polygons{}
	if err := coarse.collect(byNumber, all, nil); err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for code := range all {
		have[code] = true
	}
	small := polygons{}
	if err := fine.collect(byNumber, small, have); err != nil {
		return nil, err
	}
	coarse.adopt(fine, small, all)
	return coarse.encode(all), nil
}

// collect sorts the geometries under ISO codes, leaving out those in skip.
func (t *topology) collect(byNumber map[string]string, into polygons, skip map[string]bool) error {
	for _, c := range t.Objects.Countries.Geometries {
		list, err := c.polygons()
		if err != nil {
			return fmt.Errorf("%s: %w", c.Properties.Name, err)
		}
		for _, p := range list {
			code := t.codeOf(c, p, byNumber)
			if !skip[code] && (skip == nil || code != "") {
				into[code] = append(into[code], p)
			}
		}
	}
	return nil
}

// codeOf names the features that Natural Earth leaves without a number. What
// stays without a code is drawn as land and belongs to nobody.
func (t *topology) codeOf(c country, p [][]int, byNumber map[string]string) string {
	switch {
	case c.ID != "":
		return byNumber[c.ID]
	case c.Properties.Name == "Kosovo":
		return "XK"
	case c.Properties.Name == "Somaliland":
		return "SO"
	case c.Properties.Name == "N. Cyprus":
		return "CY"
	case c.Properties.Name == "Indian Ocean Ter.":
		if lon := float64(t.Arcs[max(p[0][0], ^p[0][0])][0][0])*t.Transform.Scale[0] + t.Transform.Translate[0]; lon > 100 {
			return "CX"
		}
		return "CC"
	}
	return ""
}

// adopt copies small countries with their arcs, moved onto t's grid.
func (t *topology) adopt(from *topology, small, all polygons) {
	for _, code := range slices.Sorted(maps.Keys(small)) {
		for _, p := range small[code] {
			for _, ring := range p {
				for i, arc := range ring {
					at := max(arc, ^arc)
					t.Arcs = append(t.Arcs, from.regrid(from.Arcs[at], t))
					ring[i] = len(t.Arcs) - 1
					if arc < 0 {
						ring[i] = ^ring[i]
					}
				}
			}
			all[code] = append(all[code], p)
		}
	}
}

func (t *topology) regrid(arc [][2]int, to *topology) [][2]int {
	var sum, last [2]int
	out := make([][2]int, len(arc))
	for i, step := range arc {
		for k := range 2 {
			sum[k] += step[k]
			degrees := float64(sum[k])*t.Transform.Scale[k] + t.Transform.Translate[k]
			grid := int(math.Round((degrees - to.Transform.Translate[k]) / to.Transform.Scale[k]))
			out[i][k], last[k] = grid-last[k], grid
		}
	}
	return out
}

// encode writes what geo's readWorld reads: the grid as four float64, then
// varints: arcs (points as steps), countries (code, polygons, rings, arcs).
func (t *topology) encode(all polygons) []byte {
	var b []byte
	for _, f := range []float64{t.Transform.Scale[0], t.Transform.Scale[1], t.Transform.Translate[0], t.Transform.Translate[1]} {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
	}
	b = binary.AppendUvarint(b, uint64(len(t.Arcs)))
	for _, arc := range t.Arcs {
		b = binary.AppendUvarint(b, uint64(len(arc)))
		for _, step := range arc {
			b = binary.AppendVarint(b, int64(step[0]))
			b = binary.AppendVarint(b, int64(step[1]))
		}
	}
	codes := slices.Sorted(maps.Keys(all))
	b = binary.AppendUvarint(b, uint64(len(codes)))
	for _, code := range codes {
		b = append(b, (code + "  ")[:2]...)
		b = binary.AppendUvarint(b, uint64(len(all[code])))
		for _, p := range all[code] {
			b = binary.AppendUvarint(b, uint64(len(p)))
			for _, ring := range p {
				b = binary.AppendUvarint(b, uint64(len(ring)))
				for _, arc := range ring {
					b = binary.AppendVarint(b, int64(arc))
				}
			}
		}
	}
	return b
}
