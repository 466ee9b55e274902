package web

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// exportForms are the ways in which sightings leave, each a right of its own.
func exportForms() map[string]sightingWriter {
	return map[string]sightingWriter{
		"geojson": {"application/geo+json", writeGeoJSON}, "kml": {"application/vnd.google-earth.kml+xml", writeKML},
		"gpx": {"application/gpx+xml", writeGPX}, "csv": {"text/csv; charset=utf-8", writeCSV},
	}
}

type sightingWriter struct {
	kind  string
	write func([]alerts.SightingView) ([]byte, error)
}

// exportSightings sends what the filters of the map and its list choose, as a
// file. Who reported it is in none of them.
func (s *Server) exportSightings(c *fiber.Ctx, a alerts.Actor) error {
	form, ok := exportForms()[c.Params("format")]
	if !ok {
		return fiber.ErrNotFound
	}
	f := &Form{Values: queryOf(c), zone: s.zone()}
	q := f.sightingFilter()
	if len(f.Errors) > 0 {
		return f.Errors.Err()
	}
	list, err := s.Alerts.ExportSightings(c.UserContext(), a, q, c.Params("format"))
	if err != nil {
		return err
	}
	body, err := form.write(list)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, form.kind)
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", "sightings-"+s.Now().In(s.zone()).Format("20060102-1504")+"."+c.Params("format")))
	return c.Send(body)
}

func writeGeoJSON(list []alerts.SightingView) ([]byte, error) {
	out := alerts.SightingList{Type: "FeatureCollection", Features: []alerts.SightingFeature{}}
	for _, v := range list {
		v.May = map[string]bool{}
		out.Features = append(out.Features, alerts.SightingFeature{Type: "Feature", ID: v.ID, Geometry: v.Place, Properties: v})
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("write GeoJSON: %w", err)
	}
	return b, nil
}

// exported are the columns that every form has, in their order.
func exported(v *alerts.SightingView) [][2]string {
	lon, lat, observed, grade := "", "", "", ""
	if v.Place != nil {
		lon, lat = decimal(v.Place.Lon()), decimal(v.Place.Lat())
	}
	if !v.ObservedAt.IsZero() {
		observed = v.ObservedAt.UTC().Format(time.RFC3339)
	}
	if v.Assessment != nil {
		grade = v.Assessment.Source + strconv.Itoa(v.Assessment.Information)
	}
	return [][2]string{
		{"id", v.ID}, {"case", v.CaseNumber}, {"state", string(v.State)}, {"grade", grade}, {"observed_at", observed},
		{"precision_min", strconv.Itoa(v.PrecisionMin)}, {"lon", lon}, {"lat", lat}, {"accuracy_m", decimal(v.AccuracyM)},
		{"reported_at", v.ReportedAt.UTC().Format(time.RFC3339)}, {"channel", v.Channel}, {"duplicate_of", v.DuplicateOf},
		{"direction", v.Direction}, {"transport", v.Transport}, {"companions", v.Companions}, {"vehicle", v.Vehicle}, {"text", v.Text},
	}
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func writeCSV(list []alerts.SightingView) ([]byte, error) {
	b := bytes.NewBufferString("\ufeff") // spreadsheets take it for UTF-8 then
	w := csv.NewWriter(b)
	for i := range list {
		var head, row []string
		for _, column := range exported(&list[i]) {
			head, row = append(head, column[0]), append(row, safeCell(column[0], column[1]))
		}
		if i == 0 {
			_ = w.Write(head)
		}
		_ = w.Write(row)
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, fmt.Errorf("write CSV: %w", err)
	}
	return b.Bytes(), nil
}

// safeCell puts an apostrophe before what a spreadsheet would take for a
// formula. Longitudes and latitudes are numbers that we have written.
func safeCell(column, s string) string {
	if column == "lon" || column == "lat" {
		return s
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "'"))
	if strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) && s != "" {
		return "'" + s
	}
	return s
}

type kmlFile struct {
	XMLName xml.Name   `xml:"kml"`
	Space   string     `xml:"xmlns,attr"`
	Places  []kmlPlace `xml:"Document>Placemark"`
}

type kmlPlace struct {
	ID    string    `xml:"id,attr"`
	Name  string    `xml:"name"`
	About string    `xml:"description"`
	When  string    `xml:"TimeStamp>when,omitempty"`
	Data  []kmlData `xml:"ExtendedData>Data"`
	At    string    `xml:"Point>coordinates"`
}

type kmlData struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value"`
}

func writeKML(list []alerts.SightingView) ([]byte, error) {
	k := kmlFile{Space: "http://www.opengis.net/kml/2.2"}
	for i := range list {
		v := &list[i]
		if v.Place == nil {
			continue // a place mark needs a place
		}
		p := kmlPlace{ID: v.ID, Name: titled(v), About: printable(v.Text), At: decimal(v.Place.Lon()) + "," + decimal(v.Place.Lat())}
		for _, column := range exported(v) {
			switch column[0] {
			case "observed_at":
				p.When = column[1]
			case "text", "lon", "lat", "id":
			default:
				p.Data = append(p.Data, kmlData{column[0], printable(column[1])})
			}
		}
		k.Places = append(k.Places, p)
	}
	return asXML("KML", k)
}

type gpxFile struct {
	XMLName xml.Name   `xml:"gpx"`
	Space   string     `xml:"xmlns,attr"`
	Version string     `xml:"version,attr"`
	Creator string     `xml:"creator,attr"`
	Points  []gpxPoint `xml:"wpt"`
}

type gpxPoint struct {
	Lat  string `xml:"lat,attr"`
	Lon  string `xml:"lon,attr"`
	Time string `xml:"time,omitempty"`
	Name string `xml:"name"`
	Desc string `xml:"desc,omitempty"`
}

func writeGPX(list []alerts.SightingView) ([]byte, error) {
	g := gpxFile{Space: "http://www.topografix.com/GPX/1/1", Version: "1.1", Creator: "Homeward"}
	for i := range list {
		v := &list[i]
		if v.Place == nil {
			continue
		}
		p := gpxPoint{Lat: decimal(v.Place.Lat()), Lon: decimal(v.Place.Lon()), Name: titled(v), Desc: printable(v.Text)}
		if !v.ObservedAt.IsZero() {
			p.Time = v.ObservedAt.UTC().Format(time.RFC3339)
		}
		g.Points = append(g.Points, p)
	}
	return asXML("GPX", g)
}

// titled is what a map shows beside a point.
func titled(v *alerts.SightingView) string {
	name := strings.TrimSpace(v.CaseNumber + " " + string(v.State))
	if v.Assessment != nil {
		name += " " + v.Assessment.Source + strconv.Itoa(v.Assessment.Information)
	}
	return name
}

// printable leaves out what XML cannot hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}

func asXML(what string, v any) ([]byte, error) {
	b, err := xml.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", what, err)
	}
	return append([]byte(xml.Header), b...), nil
}
