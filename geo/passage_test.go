package geo

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestPassages(t *testing.T) {
	t.Parallel()
	p, err := NewPassages()
	if err != nil {
		t.Fatal(err)
	}
	belgrade, noviSad, nis, vienna := At(20.4573, 44.7872), At(19.8451, 45.2551), At(21.8958, 43.3209), At(16.3738, 48.2082)
	noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	fix := func(at Point, after time.Duration, accuracyM float64, slack time.Duration) Fix {
		return Fix{Place: at, At: noon.Add(after), AccuracyM: accuracyM, Slack: slack}
	}
	start := fix(belgrade, 0, 0, 0)
	for _, tt := range []struct {
		name string
		to   Fix
		mode string
	}{
		{"the same place and moment", start, "foot"},
		{"the same moment elsewhere", fix(noviSad, 0, 0, 0), PassageImpossible},
		{"the same moment, within the accuracy", fix(noviSad, 0, 80_000, 0), "foot"},
		{"70 km in a day on foot", fix(noviSad, 36*time.Hour, 0, 0), "foot"},
		{"70 km in eight hours", fix(noviSad, 8*time.Hour, 0, 0), "bicycle"},
		{"70 km in 90 minutes", fix(noviSad, 90*time.Minute, 0, 0), "bus"},
		{"70 km in an hour", fix(noviSad, time.Hour, 0, 0), "car"},
		{"70 km in 40 minutes", fix(noviSad, 40*time.Minute, 0, 0), "train"},
		{"70 km in 20 minutes", fix(noviSad, 20*time.Minute, 0, 0), PassageImpossible},
		{"70 km in 20 minutes, give or take 20", fix(noviSad, 20*time.Minute, 0, 20*time.Minute), "train"},
		{"Vienna in three hours", fix(vienna, 3*time.Hour, 0, 0), PassageAir},
		{"before, not after", fix(nis, -3*time.Hour, 0, 0), "car"},
	} {
		if got := p.Between(start, tt.to); got.Mode != tt.mode {
			t.Errorf("%s: %s (%.0f km, %s), want %s", tt.name, got.Mode, got.LeastM/1000, got.Most, tt.mode)
		}
	}
	if !p.Unchecked {
		t.Error("the speeds are said to be checked")
	}
}

// Whichever way it is looked at, a passage is the same; more time, or less
// certainty, never makes it harder; and no ground speed is passed over.
func TestPassagesHold(t *testing.T) {
	t.Parallel()
	p, err := NewPassages()
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, g := range p.ground {
		order = append(order, g.Mode)
	}
	order = append(order, PassageAir, PassageImpossible)
	rank := func(x Passage) int { return slices.Index(order, x.Mode) }
	r := rand.New(rand.NewPCG(1, 2))
	noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	some := func() Fix {
		return Fix{
			Place: At(13+r.Float64()*15, 39+r.Float64()*11), AccuracyM: r.Float64() * 5000,
			At: noon.Add(time.Duration(r.Int64N(int64(96 * time.Hour)))), Slack: time.Duration(r.Int64N(int64(3 * time.Hour))),
		}
	}
	for range 5000 {
		a, b := some(), some()
		there, back := p.Between(a, b), p.Between(b, a)
		if there.Mode != back.Mode || math.Abs(there.LeastM-back.LeastM) > 1e-6 || there.Most != back.Most {
			t.Fatalf("%+v one way, %+v the other", there, back)
		}
		vague := b
		vague.AccuracyM += r.Float64() * 50_000
		vague.Slack += time.Duration(r.Int64N(int64(6 * time.Hour)))
		if easier := p.Between(a, vague); rank(easier) > rank(there) {
			t.Fatalf("less certain, and %s became %s", there.Mode, easier.Mode)
		}
		if i := rank(there); i > 0 && i <= len(p.ground) {
			if slower := p.ground[i-1]; slower.farM(there.Most.Hours()) >= there.LeastM {
				t.Fatalf("%s would do, %s is given", slower.Mode, there.Mode)
			}
		}
	}
}
