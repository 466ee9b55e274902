package geo

import "math"

// mercatorLimit is the latitude at which the square web map ends. Points
// beyond it are drawn on its edge.
const mercatorLimit = 85.05112877980659

// mercator places a position on the web map, both axes from 0 to 2^32-1, y
// growing southward.
func mercator(lon, lat float64) (x, y uint32) {
	lat = math.Max(-mercatorLimit, math.Min(mercatorLimit, lat))
	fx := (lon + 180) / degreesPerTurn
	fy := (1 - math.Asinh(math.Tan(lat*radiansPerDeg))/math.Pi) / 2
	return scale32(fx), scale32(fy)
}

func scale32(f float64) uint32 {
	return uint32(math.Max(0, math.Min(math.MaxUint32, f*(1<<32))))
}

// unmercator is the position of a place on the web map.
func unmercator(x, y float64) (lon, lat float64) {
	lon = x/(1<<32)*degreesPerTurn - 180
	lat = math.Atan(math.Sinh(math.Pi*(1-2*y/(1<<32)))) / radiansPerDeg
	return lon, lat
}

// interleave mixes the bits of x and y, so that every tile of every zoom is one
// run of codes, and so is every quarter of it.
func interleave(x, y uint32) uint64 { return spread(x) | spread(y)<<1 }

func spread(v uint32) uint64 {
	b := uint64(v)
	b = (b | b<<16) & 0x0000ffff0000ffff
	b = (b | b<<8) & 0x00ff00ff00ff00ff
	b = (b | b<<4) & 0x0f0f0f0f0f0f0f0f
	b = (b | b<<2) & 0x3333333333333333
	return (b | b<<1) & 0x5555555555555555
}

// separate undoes interleave.
func separate(code uint64) (x, y uint32) { return gatherBits(code), gatherBits(code >> 1) }

func gatherBits(b uint64) uint32 {
	b &= 0x5555555555555555
	b = (b | b>>1) & 0x3333333333333333
	b = (b | b>>2) & 0x0f0f0f0f0f0f0f0f
	b = (b | b>>4) & 0x00ff00ff00ff00ff
	b = (b | b>>8) & 0x0000ffff0000ffff
	return uint32(b | b>>16)
}
