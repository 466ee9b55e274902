package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestHeatKeepsEveryWeight(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var places []Warm
		want, count := 0.0, 0
		wide := math.Pow(10, 3*r.Float64()-2)
		for range r.IntN(300) {
			p := Warm{Lon: 20 + wide*(r.Float64()-.5), Lat: 44 + wide*(r.Float64()-.5), Weight: 10*r.Float64() - 1}
			if r.IntN(20) == 0 {
				p.Weight = math.NaN()
			}
			places = append(places, p)
			if p.Weight > 0 {
				want, count = want+p.Weight, count+1
			}
		}
		got, n := 0.0, 0
		squares := Heat(places)
		for i, s := range squares {
			got, n = got+s.Weight, n+s.Count
			if i > 0 && s.Weight > squares[i-1].Weight || math.Abs(s.Lon-20) > wide || math.Abs(s.Lat-44) > wide {
				t.Fatalf("square %d of %v", i, squares)
			}
		}
		if math.Abs(got-want) > 1e-6 || n != count || len(squares) > (2*heatCells+1)*(2*heatCells+1) {
			t.Fatalf("%d squares with %g of %d places, want %g of %d", len(squares), got, n, want, count)
		}
	}
}

func TestHeatGathersWhatIsNear(t *testing.T) {
	t.Parallel()
	near := []Warm{{20, 44, 3}, {20.001, 44, 1}, {21, 44, 5}}
	got := Heat(near)
	if len(got) != 2 || got[0].Weight != 5 || got[1].Weight != 4 || got[1].Count != 2 || math.Abs(got[1].Lon-20.00025) > 1e-5 {
		t.Errorf("got %+v", got)
	}
	if got := Heat(nil); len(got) != 0 {
		t.Errorf("nothing: %+v", got)
	}
	if got := Heat([]Warm{{0, 0, 1}, {179.9, 80, 1}, {-179.9, -89, 1}}); len(got) != 3 {
		t.Errorf("the world: %+v", got)
	}
}
