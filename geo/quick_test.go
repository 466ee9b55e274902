package geo

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

func TestQuick(t *testing.T) {
	t0 := time.Now()
	r := MustBuiltin()
	fmt.Println("builtin", time.Since(t0))
	for _, p := range []Point{At(20.46, 44.81), At(21.16, 42.66), At(19.84, 45.25), At(-0.1, 51.5), At(179, -17.8), At(0, -89.5), At(21.9, 43.32)} {
		fmt.Println(p.Coordinates, r.At(p), r.Country(p))
	}
	t0 = time.Now()
	for range 20000 {
		r.At(At(20.46, 44.81))
	}
	fmt.Println("at", time.Since(t0)/20000)
	rs := r.Compile(Area{Regions: []string{"RS"}})
	fmt.Println(rs.Bounds(), rs.Centroid())
	fj := r.Compile(Area{Regions: []string{"FJ"}})
	fmt.Println(fj.Bounds(), fj.Centroid())
	ru := r.Compile(Area{Regions: []string{"RU"}})
	fmt.Println(ru.Bounds(), ru.Centroid())
	xk := r.Compile(Area{Regions: []string{"RS-25"}})
	fmt.Println(xk.Bounds(), xk.Meets(rs, 0), rs.DistanceM(At(0, 0)))
	r.SetHome("RS")
	fmt.Println(r.CheckPoint(At(44.81, 20.46)), r.CheckPoint(At(20.46, 44.81)))
	for _, c := range r.All() {
		if !c.Boundary && c.Kind == "country" {
			fmt.Print(c.Code, " ")
		}
	}
	fmt.Println(r.Find("бор"), r.Find("srb"))
	var a Area
	fmt.Println(json.Unmarshal([]byte(`{"areas":[{"type":"Polygon","coordinates":[[[170,-10],[-170,-10],[-170,10],[170,10],[170,-10]]]}]}`), &a), a.Validate(r))
	b, _ := json.Marshal(a.Normalize())
	fmt.Println(string(b), a.Normalize().Validate(r))
	a = Area{}
	fmt.Println(json.Unmarshal([]byte(`{"areas":[{"type":"Polygon","coordinates":[[[0,70],[90,75],[180,70],[-90,75],[0,70]]]}]}`), &a), a.Validate(r))
	b, _ = json.Marshal(a.Normalize())
	fmt.Println(string(b), a.Normalize().Validate(r))
	a = Area{}
	fmt.Println(json.Unmarshal([]byte(`{"areas":[{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}]}`), &a), a.Validate(r))
}
