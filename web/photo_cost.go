package web

import (
	"encoding/binary"
	"image/color"
)

// pngBytesPerPixel is what a decoded pixel takes.
func pngBytesPerPixel(m color.Model) int {
	switch m {
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	case color.RGBAModel, color.NRGBAModel:
		return 4
	case color.Gray16Model:
		return 2
	}
	return 1
}

// Markers of JPEG.
const (
	markerBaseline    = 0xc0
	markerProgressive = 0xc2
	markerEnd         = 0xd9
	markerScan        = 0xda
)

// jpegCost tells, without decoding, how many scans a JPEG has and about how many
// bytes it takes to decode. A progressive picture keeps a number for each
// coefficient until its last scan, and each scan goes over all of them: a
// thousand scans in a few kilobytes take minutes.
func jpegCost(b []byte) (scans, memory int) {
	for i := 2; i+3 < len(b); {
		if b[i] != 0xff {
			i++ // picture data
			continue
		}
		marker := b[i+1]
		if marker == markerEnd {
			break
		}
		if marker == 0 || marker == 0xff || marker >= 0xd0 && marker <= 0xd8 {
			i++
			continue
		}
		length := int(binary.BigEndian.Uint16(b[i+2:]))
		end := min(i+2+length, len(b))
		switch {
		case marker == markerScan:
			scans++
		case marker >= markerBaseline && marker <= markerProgressive:
			memory = frameMemory(b[min(i+4, end):end], marker == markerProgressive)
		}
		i = max(end, i+2)
	}
	return scans, memory
}

// frameMemory reads the frame header: precision, height, width, components with
// their sampling factors.
func frameMemory(b []byte, progressive bool) int {
	if len(b) < 6 {
		return 0
	}
	pixels := int(binary.BigEndian.Uint16(b[1:])) * int(binary.BigEndian.Uint16(b[3:]))
	samples, most := 0, 1
	for n := 0; n < int(b[5]) && 6+3*n+1 < len(b); n++ {
		h, v := int(b[6+3*n+1]>>4), int(b[6+3*n+1]&15)
		samples += h * v
		most = max(most, h*v)
	}
	bytes := pixels * samples / most
	if progressive {
		return 5 * bytes
	}
	return bytes
}
