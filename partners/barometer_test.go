package partners

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"homeward/partners/abduction"
)

func civil(t testing.TB, s string) abduction.Date {
	t.Helper()
	d, err := abduction.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTally(t *testing.T) {
	t.Parallel()
	d := func(s string) abduction.Date {
		if s == "" {
			return abduction.Date{}
		}
		return civil(t, "2026-"+s)
	}
	all := []inquiry{
		{"a", "court", d("10-01"), d("10-11"), d("10-11"), false}, // on its last day
		{"a", "court", d("10-01"), d("10-11"), d("10-12"), false}, // late
		{"a", "court", d("10-01"), d(""), d("10-05"), false},
		{"a", "court", d("10-20"), d("11-21"), d(""), false}, // due today
		{"a", "court", d("10-15"), d("11-20"), d(""), false},
		{"a", "court", d("10-16"), d(""), d(""), true},
		{"b", "court", d("10-02"), d(""), d(""), false},
		{"c", "police", d("09-30"), d(""), d("10-01"), false}, // before the period
		{"c", "police", d("10-31"), d(""), d(""), true},
		{"c", "police", d("11-01"), d(""), d(""), true}, // after it
	}
	var got []string
	for _, r := range tally(all, d("10-01"), d("10-31"), d("11-21")) {
		got = append(got, fmt.Sprintf("%s %s %d=%d+%d+%d+%d+%d %s%% %sd oldest %s calls %d", r.Kind, r.ID, r.Asked, r.OnTime, r.Late, r.Undated, r.Waiting, r.Overdue,
			maybe(r.OnTimePercent), maybe(r.MedianDays), maybe(r.OldestDays), r.Calls))
	}
	want := []string{
		"  6=1+1+1+2+1 33% 10d oldest 50 calls 2",
		"court  6=1+1+1+2+1 33% 10d oldest 50 calls 1",
		"court a 5=1+1+1+1+1 33% 10d oldest 37 calls 1",
		"court b 1=0+0+0+1+0 % d oldest 50 calls 0",
		"police  0=0+0+0+0+0 % d oldest  calls 1",
		"police c 0=0+0+0+0+0 % d oldest  calls 1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// Whatever is counted, the parts are the whole, on each level.
func TestTallyAddsUp(t *testing.T) {
	t.Parallel()
	today := civil(t, "2026-11-21")
	for seed := range uint64(200) {
		rows := tally(randomInquiries(seed, today), abduction.Date{}, abduction.Date{}, today)
		sums := map[string]Tally{}
		for _, r := range rows {
			if r.Asked != r.OnTime+r.Late+r.Undated+r.Waiting+r.Overdue {
				t.Fatalf("seed %d: %+v", seed, r)
			}
			if p := r.OnTimePercent; p != nil && (*p < 0 || *p > 100) {
				t.Fatalf("seed %d: %d percent", seed, *p)
			}
			level := "kind"
			if r.ID != "" {
				level = "institution"
			} else if r.Kind == "" {
				level = "all"
			}
			s := sums[level]
			s.add(r.Tally)
			s.Calls += r.Calls
			sums[level] = s
		}
		if a, k, i := fmt.Sprint(sums["all"]), fmt.Sprint(sums["kind"]), fmt.Sprint(sums["institution"]); a != k || k != i {
			t.Fatalf("seed %d:\n%s\n%s\n%s", seed, a, k, i)
		}
	}
}

func randomInquiries(seed uint64, today abduction.Date) []inquiry {
	r := rand.New(rand.NewPCG(seed, 7))
	var out []inquiry
	for range r.IntN(60) {
		n := r.IntN(5)
		q := inquiry{institution: fmt.Sprint("i", n), kind: []string{"court", "police"}[n%2], on: today.AddDays(-r.IntN(100)), call: r.IntN(6) == 0}
		if r.IntN(2) == 0 {
			q.due = q.on.AddDays(r.IntN(40))
		}
		if r.IntN(2) == 0 {
			q.answered = q.on.AddDays(r.IntN(40))
		}
		out = append(out, q)
	}
	return out
}

// table makes a random tree of counts that add up.
func randomAddends(r *rand.Rand, columns int) *addends {
	t := &addends{parent: []int{-1}, values: [][]int{make([]int, columns)}}
	for range 1 + r.IntN(2) {
		kind := len(t.parent)
		t.parent, t.values = append(t.parent, 0), append(t.values, make([]int, columns))
		for range 1 + r.IntN(2) {
			row := make([]int, columns)
			for c := range columns - 1 {
				row[c] = r.IntN([]int{3, 7, 12}[r.IntN(3)])
				row[columns-1] += row[c]
			}
			t.parent, t.values = append(t.parent, kind), append(t.values, row)
			for c, v := range row {
				t.values[kind][c] += v
				t.values[0][c] += v
			}
		}
	}
	return t
}

// alternatives looks for other tables that fit what is published: for each
// hidden count whether it has another value in one of them. It knows nothing of
// how counts are hidden; leaves are tried one up and one down.
func alternatives(t *addends, hidden [][]bool) [][]bool {
	out := make([][]bool, len(hidden))
	for r := range out {
		out[r] = make([]bool, len(hidden[r]))
	}
	var leaves []int
	for r := range t.parent {
		if !slices.Contains(t.parent, r) {
			leaves = append(leaves, r)
		}
	}
	columns := len(t.values[0])
	var free [][2]int
	for _, r := range leaves {
		for c := range columns - 1 {
			if hidden[r][c] {
				free = append(free, [2]int{r, c})
			}
		}
	}
	try := make([][]int, len(t.values))
	for r := range try {
		try[r] = slices.Clone(t.values[r])
	}
	var walk func(int)
	walk = func(n int) {
		if n == len(free) {
			t.compare(try, leaves, hidden, out)
			return
		}
		r, c := free[n][0], free[n][1]
		for v := max(0, t.values[r][c]-1); v <= t.values[r][c]+1; v++ {
			try[r][c] = v
			walk(n + 1)
		}
		try[r][c] = t.values[r][c]
	}
	walk(0)
	return out
}

// compare adds up a table and, when it fits what is published, notes which
// counts are others.
func (t *addends) compare(try [][]int, leaves []int, hidden, out [][]bool) {
	columns := len(t.values[0])
	for r := range try {
		if !slices.Contains(leaves, r) {
			clear(try[r])
		} else {
			try[r][columns-1] = 0
			for c := range columns - 1 {
				try[r][columns-1] += try[r][c]
			}
		}
	}
	for _, leaf := range leaves {
		for r := t.parent[leaf]; r >= 0; r = t.parent[r] {
			for c := range columns {
				try[r][c] += try[leaf][c]
			}
		}
	}
	for r := range try {
		for c := range columns {
			if !hidden[r][c] && try[r][c] != t.values[r][c] {
				return
			}
		}
	}
	for r := range try {
		for c := range columns {
			out[r][c] = out[r][c] || try[r][c] != t.values[r][c]
		}
	}
}

// TestNothingSmallIsPublishedOrFollows tries to work out the hidden counts from
// those that are published.
func TestNothingSmallIsPublishedOrFollows(t *testing.T) {
	t.Parallel()
	kept := 0
	for seed := range uint64(400) {
		table := randomAddends(rand.New(rand.NewPCG(seed, 3)), 3)
		hidden := table.hide()
		other := alternatives(table, hidden)
		for r := range hidden {
			for c, v := range table.values[r] {
				switch {
				case !hidden[r][c] && v > 0 && v < few:
					t.Fatalf("seed %d: %d is published", seed, v)
				case hidden[r][c] && !other[r][c]:
					t.Fatalf("seed %d: row %d column %d can be worked out: %v hidden %v", seed, r, c, table.values, hidden)
				case !hidden[r][c]:
					kept++
				}
			}
		}
	}
	if kept < 1500 {
		t.Errorf("only %d counts are left", kept)
	}
}

// The control: with small counts alone hidden, the test above finds what follows.
func TestHidingSmallCountsAloneIsNotEnough(t *testing.T) {
	t.Parallel()
	table := &addends{parent: []int{-1, 0, 1, 1}, values: [][]int{{9, 9, 18}, {9, 9, 18}, {2, 3, 5}, {7, 6, 13}}}
	hidden := [][]bool{{false, false, false}, {false, false, false}, {true, true, false}, {false, false, false}}
	if other := alternatives(table, hidden); other[2][0] || other[2][1] {
		t.Fatal("the control does not notice")
	}
	now := table.hide()
	if other := alternatives(table, now); !other[2][0] || !other[2][1] {
		t.Errorf("%v", now)
	}
}

func TestPublishOfNothing(t *testing.T) {
	t.Parallel()
	rows := publish(tally(nil, abduction.Date{}, abduction.Date{}, civil(t, "2026-11-21")))
	if len(rows) != 1 || *rows[0].Asked != 0 || rows[0].MedianDays != nil || rows[0].OnTimePercent != nil {
		t.Errorf("%+v", rows)
	}
}

func TestPublicRowsOfRandomLogs(t *testing.T) {
	t.Parallel()
	today := civil(t, "2026-11-21")
	for seed := range uint64(200) {
		for _, r := range publish(tally(randomInquiries(seed, today), abduction.Date{}, abduction.Date{}, today)) {
			for _, n := range []*int{r.Asked, r.OnTime, r.Late, r.Undated, r.Waiting, r.Overdue} {
				if n != nil && *n > 0 && *n < few {
					t.Fatalf("seed %d: %+v", seed, r)
				}
			}
		}
	}
}
