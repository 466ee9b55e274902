package search

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"homeward/geo"
	"homeward/geo/script"
)

// Limits of a file of places. A city has some five thousand streets, a country
// some sixty thousand.
const (
	MaxFile     = 64 << 20 // bytes
	MaxPlaces   = 100_000  // after pieces of a street were joined
	maxRows     = 1_000_000
	maxName     = 120 // letters
	maxOthers   = 8
	faultsShown = 20
)

// ErrFile is wrapped when a file of places cannot be used.
var ErrFile = errors.New("the file of places cannot be used")

// fault is what is wrong with a line of a CSV file or a feature of a GeoJSON
// one, counted from 1.
type fault struct {
	at   int
	what string
}

// Faults is everything that is wrong with a file: Error shows the first twenty.
type Faults struct {
	unit string
	list []fault
	more int
}

func (f *Faults) add(at int, what string, args ...any) {
	if len(f.list) == faultsShown {
		f.more++
		return
	}
	f.list = append(f.list, fault{at, fmt.Sprintf(what, args...)})
}

// Count is how many faults there are.
func (f *Faults) Count() int { return len(f.list) + f.more }

// Error lists the first faults, one on a line, and how many there are beyond.
func (f *Faults) Error() string {
	var b strings.Builder
	b.WriteString(ErrFile.Error() + ":")
	for _, x := range f.list {
		fmt.Fprintf(&b, "\n%s %d: %s", f.unit, x.at, x.what)
	}
	if f.more > 0 {
		fmt.Fprintf(&b, "\nand %d more.", f.more)
	}
	return b.String()
}

// Unwrap is ErrFile.
func (f *Faults) Unwrap() error { return ErrFile }

// Reader reads files of places.
type Reader struct {
	// Town is where places lie that name no town.
	Town string
	// Check says what is wrong with a position; nil is Point.Validate.
	Check func(geo.Point) error

	faults Faults
	pieces []piece
	rows   int
	// unnamed counts features without a name, which maps have many of.
	unnamed int
}

// piece is a row or a feature: a whole place or a part of a street.
type piece struct {
	OwnPlace
	lines [][]geo.Point
}

// Read reads a CSV file with a header (name, kind, town, lat, lon, optional
// other_names parted by semicolons) or a GeoJSON FeatureCollection of points and
// lines. The pieces of a street in one town become one place in its middle, on
// the street. Either every row can be used, or the error is a *Faults that tells
// of all that cannot. Unnamed is how many features had no name and were left
// out.
func (r Reader) Read(file []byte) (places []OwnPlace, unnamed int, err error) {
	if len(file) > MaxFile {
		return nil, 0, fmt.Errorf("%w: it is larger than %d MiB; import it in parts", ErrFile, MaxFile>>20)
	}
	if r.Check == nil {
		r.Check = geo.Point.Validate
	}
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	read, unit := r.readCSV, "line"
	if bytes.HasPrefix(bytes.TrimLeft(file, " \t\r\n"), []byte("{")) {
		read, unit = r.readGeoJSON, "feature"
	}
	r.faults.unit = unit
	if err := read(file); err != nil {
		return nil, 0, err
	}
	if r.faults.Count() > 0 {
		return nil, 0, &r.faults
	}
	places = joined(r.pieces)
	switch {
	case len(places) == 0:
		return nil, 0, fmt.Errorf("%w: it names no place", ErrFile)
	case len(places) > MaxPlaces:
		return nil, 0, fmt.Errorf("%w: it has %d places, more than %d; import it in parts", ErrFile, len(places), MaxPlaces)
	}
	return places, r.unnamed, nil
}

// readCSV notes what is wrong with lines; an error is about the whole file.
func (r *Reader) readCSV(file []byte) error {
	in := csv.NewReader(bytes.NewReader(file))
	in.FieldsPerRecord, in.ReuseRecord = -1, true
	header, err := in.Read()
	if err != nil {
		return fmt.Errorf("%w: it has no header: %w", ErrFile, err)
	}
	columns := map[string]int{}
	for i, name := range header {
		columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, name := range []string{"name", "kind", "town", "lat", "lon"} {
		if _, ok := columns[name]; !ok && (name != "town" || r.Town == "") {
			return fmt.Errorf("%w: the header must be name,kind,town,lat,lon and, if there are any, other_names; %s is missing", ErrFile, name)
		}
	}
	width := len(header)
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			r.faults.add(broken.Line, "%v; what follows was not read", broken.Err)
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrFile, err)
		}
		line, _ := in.FieldPos(0)
		if r.rows++; r.rows > maxRows {
			return fmt.Errorf("%w: it has more than %d lines; import it in parts", ErrFile, maxRows)
		}
		if len(row) != width {
			r.faults.add(line, "it has %d columns instead of %d", len(row), width)
			continue
		}
		r.row(line, func(name string) string {
			if i, ok := columns[name]; ok {
				return strings.Clone(row[i])
			}
			return ""
		})
	}
}

func (r *Reader) row(line int, cell func(string) string) {
	p := OwnPlace{Name: cell("name"), Kind: strings.ToLower(strings.TrimSpace(cell("kind"))), Town: cell("town"), Others: strings.Split(cell("other_names"), ";")}
	if !slices.Contains(OwnKinds(), p.Kind) {
		r.faults.add(line, "kind must be one of %s", strings.Join(OwnKinds(), ", "))
	}
	lat, errLat := strconv.ParseFloat(strings.TrimSpace(cell("lat")), 64)
	lon, errLon := strconv.ParseFloat(strings.TrimSpace(cell("lon")), 64)
	if errLat != nil || errLon != nil {
		r.faults.add(line, "lat and lon must be numbers with a point, such as 44.8125")
		r.keep(line, p, nil)
		return
	}
	r.keep(line, p, [][]geo.Point{{geo.At(lon, lat)}})
}

// keep checks a place and its positions, and notes everything that is wrong.
func (r *Reader) keep(at int, p OwnPlace, lines [][]geo.Point) {
	if p.Town = strings.TrimSpace(p.Town); p.Town == "" {
		p.Town = r.Town
	}
	p.Name = r.text(at, "name", p.Name)
	p.Town = r.text(at, "town", p.Town)
	var others []string
	for _, o := range p.Others {
		if o = strings.TrimSpace(o); o == "" || script.Fold(o) == script.Fold(p.Name) {
			continue
		}
		if o = r.text(at, "other_names", o); !slices.Contains(others, o) {
			others = append(others, o)
		}
	}
	if p.Others = others; len(others) > maxOthers {
		r.faults.add(at, "it has more than %d other names", maxOthers)
	}
	for _, line := range lines {
		for _, point := range line {
			if err := r.Check(point); err != nil {
				r.faults.add(at, "%s", strings.TrimPrefix(err.Error(), geo.ErrPoint.Error()+": "))
				return
			}
			if point.Lat() == 0 && point.Lon() == 0 {
				r.faults.add(at, "latitude and longitude are both 0, which stands for a position that nobody knows")
				return
			}
		}
	}
	if r.faults.Count() == 0 {
		r.pieces = append(r.pieces, piece{p, lines})
	}
}

// text is a name with single spaces; what is wrong with it is noted.
func (r *Reader) text(at int, column, s string) string {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		r.faults.add(at, "%s is empty", column)
	case !utf8.ValidString(s):
		r.faults.add(at, "%s is not UTF-8", column)
	case strings.ContainsFunc(s, func(c rune) bool { return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) }):
		r.faults.add(at, "%s has a control character", column)
	case utf8.RuneCountInString(s) > maxName:
		r.faults.add(at, "%s is longer than %d letters", column, maxName)
	case script.Fold(s) == "":
		r.faults.add(at, "%s has no letter and no digit", column)
	}
	return strings.Join(strings.Fields(s), " ")
}

// WriteCSV writes places as Read reads them.
func WriteCSV(w io.Writer, places []OwnPlace) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"name", "kind", "town", "lat", "lon", "other_names"}}
	for _, p := range places {
		rows = append(rows, []string{p.Name, p.Kind, p.Town, degrees(p.Point.Lat()), degrees(p.Point.Lon()), strings.Join(p.Others, ";")})
	}
	return out.WriteAll(rows)
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 5, 64) }
