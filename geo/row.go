package geo

import "math"

// Row is what a map needs to know of one sighting.
type Row struct {
	ID       [16]byte
	Lon, Lat float64 // kept to 1e-7 degrees, about a centimetre
	At       int64   // when it was observed, minutes since 1970
	Case     uint32  // a handle of the caller's; 0 for a sighting without a case
	State    uint8   // below 32
	Source   uint8   // 1 for A to 6 for F, 0 for not graded
	Info     uint8   // 1 to 6, 0 for not graded
	Flags    uint8   // the caller's own bits, the lowest five
}

// Cursor is the place of a row in the order newest first, then by id. The zero
// Cursor stands before the newest row.
type Cursor struct {
	At int64
	ID [16]byte
}

// Cursor is where to go on after this row.
func (r Row) Cursor() Cursor { return Cursor{r.At, r.ID} }

// CaseSet is a set of case handles, quick to ask for each of a million rows.
// It grows with the largest handle. It must not change while it is in use.
type CaseSet struct {
	bits   []uint64
	hashes uint64
}

// NewCaseSet makes a set of the given handles.
func NewCaseSet(handles ...uint32) *CaseSet {
	s := &CaseSet{}
	for _, h := range handles {
		s.Add(h)
	}
	return s
}

// Add puts a handle into the set.
func (s *CaseSet) Add(handle uint32) {
	for int(handle/64) >= len(s.bits) {
		s.bits = append(s.bits, make([]uint64, int(handle/64)+1-len(s.bits))...)
	}
	s.bits[handle/64] |= 1 << (handle % 64)
	s.hashes |= caseBit(handle)
}

// Has reports whether the handle is in the set; a nil set is empty.
func (s *CaseSet) Has(handle uint32) bool { return s != nil && s.bit(handle) == 1 }

func (s *CaseSet) bit(handle uint32) int {
	if int(handle/64) >= len(s.bits) {
		return 0
	}
	return int(s.bits[handle/64] >> (handle % 64) & 1)
}

// Filter chooses rows; the zero Filter takes all.
type Filter struct {
	Cases    *CaseSet // nil for every case
	Excluded *CaseSet // cases that the viewer must not see
	From, To int64    // minutes; From is within, To is not, 0 leaves an end open
	States   uint32   // bit 1<<state for each state wanted, 0 for all
	// MaxSource and MaxInfo keep rows graded so or better (1 is best); 0 asks
	// for nothing. A row without a grade does not pass.
	MaxSource, MaxInfo uint8
	FlagsSet           uint8 // bits that must be set
	FlagsClear         uint8 // bits that must not be set
}

// ungraded is the grade of a row that was not graded, worse than F6.
const ungraded = 63

// packGrade makes one ordered number of source and information: smaller is
// better, a missing half counts as worse than any.
func packGrade(source, info uint8) uint8 {
	worst := func(v uint8) uint8 {
		if v == 0 {
			return 7
		}
		return min(v, 6)
	}
	return worst(source)<<3 | worst(info)
}

func unpackGrade(g uint8) (source, info uint8) { return (g >> 3) % 7, (g & 7) % 7 }

// class is everything about a row that has few values, in sixteen bits: state
// (5), grade (6), flags (5).
type class uint16

func classOf(r Row) class {
	return class(r.State&31) | class(packGrade(r.Source, r.Info))<<5 | class(r.Flags&31)<<11
}

func (c class) state() uint8 { return uint8(c & 31) }
func (c class) grade() uint8 { return uint8(c >> 5 & 63) }
func (c class) flags() uint8 { return uint8(c >> 11) }

// test is a Filter prepared for scanning pages: one bit for each state, grade
// and combination of flags that passes.
type test struct {
	cases, excluded *CaseSet
	hashes          uint64 // of the cases wanted, 0 for any
	from, to        int32
	states, flags   uint32
	grades          uint64
	anyGrade        bool
	set, clear      uint8
}

func (f Filter) prepare() *test {
	t := &test{
		cases: f.Cases, excluded: f.Excluded, states: f.States, set: f.FlagsSet & 31, clear: f.FlagsClear & 31,
		from: math.MinInt32, to: math.MaxInt32, anyGrade: f.MaxSource == 0 && f.MaxInfo == 0,
	}
	if f.From != 0 {
		t.from = minute(f.From)
	}
	if f.To != 0 {
		t.to = minute(f.To)
	}
	if f.Cases != nil {
		// An empty set wants nothing: no time is before the beginning.
		t.hashes = f.Cases.hashes
		if t.hashes == 0 {
			t.to = math.MinInt32
		}
	}
	if t.states == 0 {
		t.states = math.MaxUint32
	}
	for g := range uint8(64) {
		source, info := unpackGrade(g)
		if (f.MaxSource == 0 || source > 0 && source <= f.MaxSource) && (f.MaxInfo == 0 || info > 0 && info <= f.MaxInfo) {
			t.grades |= 1 << g
		}
	}
	for flags := range uint8(32) {
		if flags&t.set == t.set && flags&t.clear == 0 {
			t.flags |= 1 << flags
		}
	}
	return t
}

// minute narrows minutes to 32 bits, good for four thousand years either way.
func minute(m int64) int32 {
	return int32(max(math.MinInt32, min(math.MaxInt32-1, m)))
}
