package geo

import (
	"cmp"
	"math"
	"slices"
)

// Near is a row and its distance in metres from where was asked.
type Near struct {
	Row
	DistanceM float64
}

// Nearest returns up to n rows that pass the filter and lie within maxM metres
// of p, nearest first and then by id. A maxM of 0 or less means anywhere.
func (x *SightingIndex) Nearest(p Point, n int, maxM float64, f Filter) []Near {
	if n <= 0 {
		return nil
	}
	if maxM <= 0 {
		maxM = math.Inf(1)
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	t := f.prepare()
	var best []Near
	var sel selection
	reach := maxM // and once n are found, the distance of the last
	for _, c := range x.nearPages(p, maxM, t) {
		if c.far > reach {
			break
		}
		c.page.choose(t, &sel)
		for k := range sel.n {
			i := sel.row(k)
			lat := degrees(c.page.lat[i])
			if math.Abs(lat-p.Lat())*metresPerDeg > reach+1 {
				continue // a subtraction spares most of the sines
			}
			d := haversine(p.Lon(), p.Lat(), degrees(c.page.lon[i]), lat)
			if d > reach || len(best) == n && d == reach && string(c.page.id[i][:]) > string(best[n-1].ID[:]) {
				continue
			}
			if best = insertNear(best, Near{c.page.row(i), d}, n); len(best) == n {
				reach = best[n-1].DistanceM
			}
		}
	}
	return best
}

func insertNear(best []Near, r Near, n int) []Near {
	at, _ := slices.BinarySearchFunc(best, r, func(a, b Near) int {
		return cmp.Or(cmp.Compare(a.DistanceM, b.DistanceM), cmp.Compare(string(a.ID[:]), string(b.ID[:])))
	})
	best = slices.Insert(best, at, r)
	return best[:min(len(best), n)]
}

// distant is a page and how near its nearest row may be.
type distant struct {
	page *page
	far  float64
}

func (x *SightingIndex) nearPages(p Point, maxM float64, t *test) []distant {
	reachable := []rect{{-180, -90, 180, 90}}
	if maxM < halfCircumM/2 {
		reachable = rect{p.Lon(), p.Lat(), p.Lon(), p.Lat()}.grow(maxM)
	}
	var out []distant
	for _, pg := range x.pages {
		if pg.n == 0 || !pg.mayPass(t) {
			continue
		}
		r := pg.rect()
		if !slices.ContainsFunc(reachable, r.meets) {
			continue
		}
		if d := r.distanceM(p.Lon(), p.Lat()); d <= maxM {
			out = append(out, distant{pg, d})
		}
	}
	slices.SortFunc(out, func(a, b distant) int { return cmp.Compare(a.far, b.far) })
	return out
}
