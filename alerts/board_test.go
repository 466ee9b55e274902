package alerts

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"homeward/geo"
	"homeward/journal"
)

// shelf is everything a board knows, in a form that two boards can be compared
// by: indexes as sorted lists of what they lead to.
type shelf struct {
	Cases, Numbers, Marks, Alerts, Slugs, Live, Accounts, Mail, Tokens []string
	Rows, ByCase, Receipts, Contacts, Reports, Dots                    []string
}

func dump(b *Board) shelf {
	var s shelf
	add := func(to *[]string, format string, args ...any) { *to = append(*to, fmt.Sprintf(format, args...)) }
	for id, c := range b.cases.byID {
		add(&s.Cases, "%s %d %s", id, c.Number, c.keys)
	}
	for n, id := range b.cases.byNumber {
		add(&s.Numbers, "%s %s", n, id)
	}
	for id := range b.cases.unreported {
		add(&s.Numbers, "unreported %s", id)
	}
	for name, all := range map[string][]mark{
		"created": b.cases.created.all(), "updated": b.cases.updated.all(), "seen": b.cases.lastSeen.all(), "calls": b.cases.followUps.all(),
		"closings": b.cases.closings.all(), "alerts": b.alerts.created.all(), "observed": b.sightings.observed.all(),
		"contacts": b.contacts.at.all(), "promises": b.contacts.promises.all(),
	} {
		if !slices.IsSortedFunc(all, mark.compare) {
			add(&s.Marks, "%s is out of order", name)
		}
		add(&s.Marks, "%s %v", name, all)
	}
	for id, a := range b.alerts.byID {
		add(&s.Alerts, "%s %d of %s", id, a.Number, a.CaseID)
	}
	for id, ids := range b.alerts.byCase {
		slices.Sort(ids)
		add(&s.Alerts, "case %s %v", id, ids)
	}
	for slug, id := range b.alerts.bySlug {
		add(&s.Slugs, "%s %s", slug, id)
	}
	for id, a := range b.alerts.live {
		add(&s.Live, "%s %d", id, a.Number)
	}
	for id, a := range b.accounts.byID {
		add(&s.Accounts, "%s %d", id, a.Number)
	}
	for k, id := range b.accounts.byEmail {
		add(&s.Mail, "%s %s", k, id)
	}
	for k, id := range b.accounts.byToken {
		add(&s.Tokens, "%q %s", k, id)
	}
	for id, r := range b.sightings.byID {
		row := *r
		row.of = nil
		add(&s.Rows, "%s %+v of %s", id, row, r.of.caseID)
	}
	for id, g := range b.sightings.byCase {
		add(&s.ByCase, "%s %v %d", id, slices.Sorted(maps.Keys(g.ids)), g.fresh)
	}
	for id, g := range b.contacts.byCase {
		add(&s.ByCase, "contacts %s %v", id, slices.Sorted(maps.Keys(g)))
	}
	for k, v := range b.receipts {
		add(&s.Receipts, "%x %s", k, v)
	}
	for id, c := range b.contacts.byID {
		add(&s.Contacts, "%s %+v", id, *c)
	}
	for id := range b.contacts.reports {
		add(&s.Reports, "%s", id)
	}
	for _, d := range b.dots(0, 0, 0, SightingFilter{}, sight{"all", func(*Case) bool { return true }}) {
		add(&s.Dots, "%s %s %s %s %g %g", d.ID, d.CaseID, d.State, d.DuplicateOf, d.Lon, d.Lat)
	}
	v := reflect.ValueOf(&s).Elem()
	for i := range v.NumField() {
		slices.Sort(v.Field(i).Interface().([]string))
	}
	return s
}

// all returns the marks in order.
func (t *timeline[T]) all() []mark {
	var out []mark
	for _, r := range t.runs {
		for _, e := range r {
			out = append(out, e.mark)
		}
	}
	return out
}

// TestIndexesEqualARebuild changes a board at random and compares it with a
// board made at once of what is left.
func TestIndexesEqualARebuild(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		r := mathrand.New(mathrand.NewPCG(seed, 1))
		b, left := NewBoard(), map[journal.Key]journal.Document{}
		for n := range 300 {
			d := someDocument(r, uint64(n+1))
			in := journal.Installed{Documents: []journal.Document{d}}
			if k := journal.KeyOf(d); r.IntN(6) == 0 {
				in = journal.Installed{Forgotten: []journal.Key{k}}
				delete(left, k)
			} else {
				left[k] = d
			}
			b.Install([]journal.Installed{in})
		}
		rebuilt := NewBoard()
		rebuilt.Install([]journal.Installed{{Documents: slices.Collect(maps.Values(left))}})
		got, want := dump(b), dump(rebuilt)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: the indexes differ from a rebuild\n got  %+v\n want %+v", seed, got, want)
		}
	}
}

// TestMapsLeaveOutWhatAViewerMustNotSee changes a board at random and asks for
// a whole map, after each change, with what a viewer sees decided case by case.
func TestMapsLeaveOutWhatAViewerMustNotSee(t *testing.T) {
	t.Parallel()
	viewers := map[string]func(*Case) bool{
		"desk":  func(c *Case) bool { return c == nil || !c.Restricted && !c.State.Ended() },
		"team":  func(c *Case) bool { return c != nil && slices.Contains(c.Team, "ana") },
		"never": func(*Case) bool { return false },
	}
	for seed := range uint64(10) {
		r := mathrand.New(mathrand.NewPCG(seed, 2))
		b := NewBoard()
		for n := range 200 {
			d := someDocument(r, uint64(n+1))
			switch d := d.(type) {
			case *Case:
				d.ID, d.Restricted = fmt.Sprint(r.IntN(5)), r.IntN(2) == 0
				d.Team = [][]string{nil, {"ana"}, {"boris", "ana"}, {"boris"}}[r.IntN(4)]
			case *Sighting:
				p := geo.At(20, 44)
				d.Place = &p
			}
			in := journal.Installed{Documents: []journal.Document{d}}
			if k := journal.KeyOf(d); r.IntN(6) == 0 {
				in = journal.Installed{Forgotten: []journal.Key{k}}
			}
			b.Install([]journal.Installed{in})
			for name, sees := range viewers {
				got, want := 0, 0
				for _, dot := range b.dots(0, 0, 0, SightingFilter{}, sight{name, sees}) {
					got += dot.Count
				}
				for _, s := range b.sightings.byID {
					c, ok := b.Case(s.of.caseID)
					if s.placed && (s.of.caseID == "" && sees(nil) || ok && sees(c)) {
						want++
					}
				}
				if got != want {
					t.Fatalf("seed %d, change %d: %s sees %d sightings, want %d", seed, n, name, got, want)
				}
			}
		}
	}
}

func someDocument(r *mathrand.Rand, number uint64) journal.Document {
	at := func() time.Time { return time.UnixMilli(int64(r.IntN(50)) * 60_000).UTC() }
	maybe := func() time.Time { return []time.Time{{}, at()}[r.IntN(2)] }
	id := fmt.Sprint(r.IntN(12))
	one := fmt.Sprint(r.IntN(5))
	// When a record was made, and whose it is, does not change.
	h := journal.Head{ID: id, Number: number, CreatedAt: time.UnixMilli(int64(len(id)) * 1000).UTC(), UpdatedAt: at()}
	switch r.IntN(5) {
	case 0:
		c := &Case{Head: h, CaseNumber: "N" + id, State: States()[r.IntN(10)], LastSeen: LastSeen{At: maybe()}, FollowUp: FollowUp{DueAt: maybe()}, Police: PoliceReport{ReportedAt: maybe()}}
		c.Children = []Child{{Names: []Name{{Given: one}}}}
		if r.IntN(2) == 0 {
			c.Closing = &Closing{ClosedAt: at(), ConfirmedAt: maybe()}
		}
		return c
	case 1:
		return &Alert{Head: h, CaseID: "case" + id, Slug: "slug" + id, State: []AlertState{AlertDraft, AlertLive, AlertCancelled}[r.IntN(3)]}
	case 2:
		a := &Account{Head: h, Email: "E" + id + one + "@example.org", Invitation: []byte(id + one)}
		for k := range r.IntN(3) {
			a.Tokens = append(a.Tokens, Token{Hash: fmt.Append(nil, id, k)})
		}
		return a
	case 3:
		s := &Sighting{Head: h, CaseID: one, State: SightingStates()[r.IntN(7)], ObservedAt: at(), ReportedAt: at(), Receipt: fmt.Append(nil, "sighting code ", id), DuplicateOf: []string{"", one}[r.IntN(2)]}
		if r.IntN(2) == 0 {
			s.CaseID = ""
		}
		if r.IntN(3) > 0 {
			p := geo.At(float64(r.IntN(300)-150), float64(r.IntN(100)-50))
			s.Place = &p
		}
		if r.IntN(2) == 0 {
			s.Assessment = &Assessment{Source: "C", Information: 1 + r.IntN(6)}
		}
		return s
	default:
		return &Contact{Head: h, At: at(), Kind: []string{KindNewDisappearance, "support"}[r.IntN(2)], CaseID: []string{"", one}[r.IntN(2)], PromisedUntil: maybe(), KeptAt: maybe(), Receipt: fmt.Append(nil, "contact code  ", id)}
	}
}

func TestTimelineWalks(t *testing.T) {
	t.Parallel()
	var line timeline[int]
	r := mathrand.New(mathrand.NewPCG(1, 2))
	var want []mark
	for n := range 5000 {
		m := mark{int64(r.IntN(2000)), fmt.Sprint(n % 7)}
		if line.add(m, n); !slices.Contains(want, m) {
			want = append(want, m)
		}
	}
	slices.SortFunc(want, func(a, b mark) int { return b.compare(a) })
	for _, from := range []int{0, 1, 700, len(want) - 1} {
		after, rest := mark{}, want
		if from > 0 {
			after, rest = want[from-1], want[from:]
		}
		var got []mark
		line.before(after, func(m mark, _ int) bool { got = append(got, m); return true })
		if !slices.Equal(got, rest) {
			t.Fatalf("after %v: %d marks, want %d", after, len(got), len(rest))
		}
	}
}

func TestIDsOnMaps(t *testing.T) {
	t.Parallel()
	for range 1000 {
		id := NewID(rand.Reader)
		if bits, ok := bitsOf(id); !ok || idOf(bits[:]) != id {
			t.Fatalf("%s comes back as %s", id, idOf(bits[:]))
		}
	}
	for _, odd := range []string{"", "s1", strings.Repeat("a", 25), strings.Repeat("A", 26), strings.Repeat("a", 25) + "b", strings.Repeat("1", 26)} {
		if _, ok := bitsOf(odd); ok {
			t.Errorf("%q passes for an id", odd)
		}
	}
}

func TestGradesRank(t *testing.T) {
	t.Parallel()
	for low, grades := range map[string]string{
		"C3": "A1 B2 C3 C1 A3", "F6": "A1 F6 C3", "A1": "A1", "": "A1 F6 -",
	} {
		min, _ := ParseGrade(low)
		for _, g := range strings.Fields(grades) {
			if one, _ := ParseGrade(g); !one.AtLeast(min) {
				t.Errorf("%s is not at least %s", g, low)
			}
		}
	}
	for low, grades := range map[string]string{"C3": "D3 C4 F1 A6 -", "F6": "-", "A1": "A2 B1"} {
		min, _ := ParseGrade(low)
		for _, g := range strings.Fields(grades) {
			if one, _ := ParseGrade(g); one.AtLeast(min) {
				t.Errorf("%s is at least %s", g, low)
			}
		}
	}
	for _, bad := range []string{"", "C", "C0", "C7", "G1", "c3", "C33", "3C"} {
		if g, ok := ParseGrade(bad); ok {
			t.Errorf("%q is read as %s", bad, g)
		}
	}
}

// FuzzNewCase feeds whatever decodes as a case to its validation: no input may
// bring it down, and what it lets through makes a case.
func FuzzNewCase(f *testing.F) {
	f.Add([]byte(`{"category":"runaway","children":[{"names":[{"given":"Mila","kind":"birth","script":"Latn"}],"birth_date":"2014-05-02"}],"last_seen":{"at":"2031-01-01T10:00:00+01:00","place":{"type":"Point","coordinates":[20.4,44.8]}}}`))
	f.Add([]byte(`{"category":"x","children":[{},{"birth_date":"0000-00-00","description":{"height_cm":-1}}],"risk":{"factors":["a"]},"follow_up":{},"team":["a"]}`))
	now := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte) {
		var in NewCase
		if json.Unmarshal(data, &in) != nil {
			return
		}
		fields := in.validate(now, nil, func(id string) bool { return id == "a" })
		for _, one := range fields {
			if one.Field == "" || one.Code == "" || one.Message == "" {
				t.Fatalf("an empty fault: %+v", one)
			}
		}
		if len(fields) == 0 {
			if c := openRule(&in, Actor{ID: "a"}, "id", "number", now, rand.Reader); len(c.Children) == 0 {
				t.Fatal("a case without a child")
			}
		}
	})
}

func manyCases(n int) []journal.Document {
	out := make([]journal.Document, n)
	now := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC)
	place := geo.At(20.45, 44.81)
	for i := range out {
		in := NewCase{
			Category: CategoryRunaway, Circumstances: strings.Repeat("What the family told. ", 20),
			Children: []NewChild{{Names: []Name{{Given: "Đorđe", Family: "Петровић", Kind: "birth"}, {Given: "Đole", Kind: "nickname"}}, BirthDate: "2019"}},
			LastSeen: NewLastSeen{At: now.Add(time.Duration(i) * time.Minute), Place: &place},
			FollowUp: &NewFollowUp{DueAt: now.Add(time.Duration(i) * time.Minute)},
		}
		c := openRule(&in, Actor{ID: "ana"}, NewID(rand.Reader), fmt.Sprint(i), now, rand.Reader)
		c.Number, c.Version, c.Salt = uint64(i+1), 1, make([]byte, 16)
		c.CreatedAt = now.Add(time.Duration(i) * time.Second)
		c.UpdatedAt = c.CreatedAt
		out[i] = c
	}
	return out
}

func manySightings(n int, cases []journal.Document) []journal.Document {
	out := make([]journal.Document, n)
	now := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC)
	r := mathrand.New(mathrand.NewPCG(1, 1))
	for i := range out {
		p := geo.At(19+4*r.Float64(), 42+4*r.Float64())
		hash := make([]byte, 32)
		_, _ = rand.Read(hash)
		out[i] = &SightingRow{
			Head:  journal.Head{ID: NewID(rand.Reader), Number: uint64(i + 1), Version: 1, Salt: make([]byte, 16)},
			State: SightingStates()[r.IntN(7)], ObservedAt: now.Add(-time.Duration(r.IntN(1e9)) * time.Millisecond), ReportedAt: now,
			CaseID: strings.Clone(cases[r.IntN(len(cases))].DocumentHead().ID), Place: &p, Channel: channelPublic, Receipt: hash,
		}
	}
	return out
}

// BenchmarkLoad100kCases is the board's part of a start with 100,000 cases.
func BenchmarkLoad100kCases(b *testing.B) {
	documents := manyCases(100_000)
	for b.Loop() {
		NewBoard().Install([]journal.Installed{{Documents: documents}})
	}
}

// BenchmarkResident reports what a board of 100,000 cases and 1,000,000
// sightings keeps in memory, and how long it takes to fill.
func BenchmarkResident(b *testing.B) {
	for b.Loop() {
		heap := func() uint64 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		before := heap()
		cases := manyCases(100_000)
		rows := manySightings(1_000_000, cases)
		board := NewBoard()
		start := time.Now()
		board.Install([]journal.Installed{{Documents: cases}, {Documents: rows}})
		b.ReportMetric(time.Since(start).Seconds(), "s/install")
		cases, rows = nil, nil
		b.ReportMetric(float64(heap()-before)/(1<<20), "MiB")
		start = time.Now()
		all := func(*Case) bool { return true }
		board.sightingsBefore(SightingFilter{MinGrade: Grade{1, 1}}, mark{}, 50, sight{"all", all})
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms/scan")
		start = time.Now()
		board.dots(6, 35, 23, SightingFilter{}, sight{"all", all})
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms/first-tile")
		start = time.Now()
		board.dots(6, 35, 23, SightingFilter{}, sight{"all", all})
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms/tile")
		start = time.Now()
		board.casesBefore(CaseFilter{Text: "nobody"}, mark{}, 50, all)
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms/search")
		runtime.KeepAlive(board)
	}
}

// What is gathered stands as if each mark had been put in its place, also when
// one is taken out before it is settled.
func TestTimelineGathers(t *testing.T) {
	t.Parallel()
	var plain, gathered timeline[int]
	gathered.gather()
	for i := range 3 * runLength {
		m := mark{int64(i * 7919 % 1009), strconv.Itoa(i)}
		plain.add(m, i)
		gathered.add(m, i)
	}
	gone := mark{7919 % 1009, "1"}
	plain.remove(gone)
	gathered.remove(gone)
	gathered.settle()
	if want, got := plain.all(), gathered.all(); len(want) != 3*runLength-1 || !slices.Equal(got, want) {
		t.Errorf("%d marks, want %d", len(got), len(want))
	}
	gathered.gather()
	gathered.add(mark{1, "late"}, 0)
	if len(gathered.all()) != 3*runLength {
		t.Error("a mark that came to a timeline in use waits")
	}
}
