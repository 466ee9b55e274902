package geo
import ("testing";"syscall";"fmt";"math/rand/v2")
func cpu() float64 { var r syscall.Rusage; syscall.Getrusage(1, &r); return float64(r.Utime.Sec)*1e3+float64(r.Utime.Usec)/1e3 }
func TestCPU(t *testing.T){
	r := MustBuiltin(); var x AreaIndex
	for i, a := range randomAreas(10_000, 5) { x.Put(fmt.Sprint(i), r.Compile(a)) }
	for name, a := range map[string]Area{
		"country": {Regions: []string{"RS"}},
		"circle":  {Circles: []Circle{{[2]float64{20.46, 44.81}, 50_000}}},
		"polygon": {Areas: []Geometry{Polygon(append(ringOf(18, 46, 8, 1990), [2]float64{26, 46}))}},
	} { s := r.Compile(a); x.Meeting(s,10000); c:=cpu(); for range 50 { x.Meeting(s,10000) }; fmt.Println(name, (cpu()-c)/50, "ms") }
}
func TestCPUTile(t *testing.T){
	rows := townRows(benchRows, 1); x:=&SightingIndex{}
	c:=cpu(); for _,q:=range rows { x.Put(q) }; fmt.Println("insert/s", 1e6/(cpu()-c)*1e3)
	for _, z := range []int{0,3,6,9,12} { for fi,f := range benchFilters() { q := rand.New(rand.NewPCG(2, 2)); c:=cpu()
	 for range 30 { row := rows[q.IntN(len(rows))]; mx, my := mercator(row.Lon, row.Lat); tx, ty := int(uint64(mx)<<z>>32), int(uint64(my)<<z>>32)
	 EncodeTile(x.Tile(z, tx, ty, f), z, tx, ty, TileLabels{}) }; fmt.Println(z,fi,(cpu()-c)/30,"ms") } }
}
