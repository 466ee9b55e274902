package geo

// query is one question to an index while it is being answered.
type query struct {
	limit  float64
	hits   []hit // by slot
	found  int
	groups map[*group]hit // those that meet it
	codes  []string       // of regions that hits name by their place here
}

// hit is a Why without pointers, as ten thousand of them are made at a time.
type hit struct {
	distanceM float64
	region    int32 // place in codes, from 1 on; 0 for none
	reason    reason
}

// reason is why an area meets the one asked for; zero is not at all.
type reason uint8

const (
	byRegion reason = iota + 1
	byArea
	byDistance
)

func (r reason) String() string { return [...]string{"", "region", "area", "distance"}[r] }

// code keeps a region's code and returns its place.
func (q *query) code(code string) int32 {
	q.codes = append(q.codes, code)
	return int32(len(q.codes))
}

// test measures one part of the tree against one part of the question, unless
// its owner is known to meet it anyway.
func (q *query) test(p *part, it *indexed) {
	known := hit{}
	if it.group != nil {
		known = q.groups[it.group]
	} else {
		known = q.hits[it.holder.slot]
	}
	limit := q.limit
	if known.reason != 0 {
		limit = min(limit, known.distanceM)
	}
	if limit == 0 {
		return
	}
	d := p.measure(it.part, limit)
	if d >= limit {
		return
	}
	h := hit{distanceM: d, region: known.region, reason: byDistance}
	switch {
	case it.group != nil && known.region == 0:
		h.region = q.code(it.group.Code)
		fallthrough
	case it.group != nil:
		if d == 0 {
			h.reason = byRegion
		}
		q.groups[it.group] = h
		return
	case d == 0:
		h.reason = byArea
	}
	q.better(it.holder.slot, h)
}

// better notes a reason unless the holder has one as good.
func (q *query) better(slot int, h hit) {
	old := &q.hits[slot]
	if old.reason == 0 {
		q.found++
	}
	if old.reason == 0 || h.distanceM < old.distanceM || h.distanceM == old.distanceM && h.reason == byRegion && old.reason != byRegion {
		*old = h
	}
}

// matches returns what was found in the order of ids.
func (q *query) matches(order []listed) []Match {
	if q.found == 0 {
		return nil
	}
	out := make([]Match, 0, q.found)
	for _, p := range order {
		h := q.hits[p.slot]
		if h.reason == 0 {
			continue
		}
		w := Why{Code: h.reason.String(), DistanceM: h.distanceM}
		if h.region > 0 {
			w.Region = q.codes[h.region-1]
		}
		out = append(out, Match{p.id, w})
	}
	return out
}
