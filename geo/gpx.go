package geo

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// Limits of a GPX file.
const (
	MaxGPXBytes  = 8 << 20
	MaxGPXPoints = 50_000
	maxGPXDepth  = 16
)

// GPXFault says what is wrong with a GPX file. Code is for machines and
// translations, Message plain English.
type GPXFault struct{ Code, Message string }

func (f *GPXFault) Error() string { return f.Message }

// ReadGPX reads the tracks of a GPX 1.0 or 1.1 file: every segment of every
// track is a run. Waypoints, routes and extensions are passed over. A file that
// is too large, nested too deep, has a DOCTYPE, or holds a position that is none
// is refused with a *GPXFault.
func ReadGPX(data []byte) (Track, error) {
	if len(data) > MaxGPXBytes {
		return Track{}, &GPXFault{"too_large", "This file is too large."}
	}
	r := &gpxReader{d: xml.NewDecoder(bytes.NewReader(data))}
	if err := r.read(); err != nil {
		var f *GPXFault
		if errors.As(err, &f) {
			return Track{}, f
		}
		return Track{}, &GPXFault{"not_gpx", "This is not a GPX file that can be read."}
	}
	if r.track.Points() < 2 {
		return Track{}, &GPXFault{"no_track", "There is no recorded track in this file."}
	}
	return r.track, nil
}

type gpxReader struct {
	d      *xml.Decoder
	track  Track
	path   []string
	points int
	text   []byte // of a time element under way
}

func (r *gpxReader) read() error {
	for {
		token, err := r.d.Token()
		if errors.Is(err, io.EOF) {
			if r.track.Runs == nil && r.path == nil {
				return &GPXFault{"not_gpx", "This is not a GPX file that can be read."}
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("read GPX: %w", err)
		}
		switch token := token.(type) {
		case xml.Directive:
			return &GPXFault{"doctype", "A file with a DOCTYPE is not taken."}
		case xml.StartElement:
			if err := r.open(token); err != nil {
				return err
			}
		case xml.CharData:
			if r.at("gpx", "trk", "trkseg", "trkpt", "time") && len(r.text) < 64 {
				r.text = append(r.text, token...)
			}
		case xml.EndElement:
			r.close()
		}
	}
}

func (r *gpxReader) at(path ...string) bool {
	if len(path) != len(r.path) {
		return false
	}
	for i := range path {
		if path[i] != r.path[i] {
			return false
		}
	}
	return true
}

func (r *gpxReader) open(e xml.StartElement) error {
	if len(r.path) == 0 && e.Name.Local != "gpx" {
		return &GPXFault{"not_gpx", "This is not a GPX file that can be read."}
	}
	if len(r.path) >= maxGPXDepth {
		return &GPXFault{"too_deep", "This file is nested too deep."}
	}
	r.path = append(r.path, e.Name.Local)
	r.text = nil
	switch {
	case r.at("gpx", "trk", "trkseg"):
		r.track.Runs = append(r.track.Runs, nil)
	case r.at("gpx", "trk", "trkseg", "trkpt"):
		return r.point(e)
	}
	return nil
}

func (r *gpxReader) point(e xml.StartElement) error {
	if r.points++; r.points > MaxGPXPoints {
		return &GPXFault{"too_many_points", "This track has too many points."}
	}
	var lat, lon float64
	var seen int
	for _, a := range e.Attr {
		var to *float64
		switch a.Name.Local {
		case "lat":
			to = &lat
		case "lon":
			to = &lon
		default:
			continue
		}
		v, err := strconv.ParseFloat(a.Value, 64)
		if err != nil {
			return &GPXFault{"bad_position", "A position in this file is not a number."}
		}
		*to = v
		seen++
	}
	p := At(lon, lat)
	if seen != 2 || p.Validate() != nil {
		return &GPXFault{"bad_position", "A position in this file is not on the Earth."}
	}
	last := len(r.track.Runs) - 1
	r.track.Runs[last] = append(r.track.Runs[last], p)
	return nil
}

// close ends an element. A time that cannot be read is passed over: the way is
// what counts.
func (r *gpxReader) close() {
	if r.at("gpx", "trk", "trkseg", "trkpt", "time") {
		if t, err := time.Parse(time.RFC3339, string(bytes.TrimSpace(r.text))); err == nil {
			t = t.UTC()
			if r.track.From.IsZero() || t.Before(r.track.From) {
				r.track.From = t
			}
			if t.After(r.track.To) {
				r.track.To = t
			}
		}
	}
	r.path = r.path[:len(r.path)-1]
}
