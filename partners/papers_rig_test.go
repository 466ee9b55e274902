package partners_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
	"homeward/partners/pack"
)

// filed is a matter with papers: a case with two children, a court and a
// central authority, and a scan.
type filed struct {
	*office
	id, court, authority string
}

// Words that stand in fields which never leave, one each.
var secrets = map[string]string{
	"needs": "Zqneeds", "risk": "Zqrisknote", "factor": "Zqfactor", "found": "Zqwhereabouts", "closing": "Zqclosing", "caller": "Zqcaller",
	"followup": "Zqfollowup", "home": "Zqhome", "staff": "Zqstafflog", "filename": "Zqfilename", "consent": "Zqconsent", "drawer": "Zqdrawer", "danger": "Zqdanger",
}

func newFiled(t *testing.T) *filed {
	t.Helper()
	o := newOffice(t)
	c := &alerts.Case{
		Head: journal.Head{ID: "case1"}, CaseNumber: "K7MQ2RTX", State: alerts.StateActive, Category: alerts.CategoryParentalAbduction,
		Children: []alerts.Child{
			{ID: "jana", Names: []alerts.Name{{Given: "Jana", Family: "Primerić", Kind: "birth", Script: "Latn"}, {Given: "Јана", Family: "Примерић", Kind: "birth", Script: "Cyrl"}},
				Sex: "female", BirthDate: "2018-05-02", Home: secrets["home"], Needs: secrets["needs"], Description: alerts.Description{Hair: "brown", HeightCM: 118}},
			{ID: "luka", Names: []alerts.Name{{Given: "Luka", Family: "Primerić", Kind: "birth"}}, BirthDate: "2012"},
		},
		Circumstances: "Left for a holiday and did not come back.",
		Police:        alerts.PoliceReport{ReportedAt: at(t, "2026-03-11 09:00"), Unit: "PU Primerovac", Reference: "KU 17/26"},
		Risks:         []alerts.RiskGrade{{Grade: "high", Note: secrets["risk"], Factors: []string{secrets["factor"]}}},
		Consents:      []alerts.Consent{{ID: "x", GivenBy: secrets["consent"]}},
		FollowUp:      alerts.FollowUp{Note: secrets["followup"]},
		Closing:       &alerts.Closing{Note: secrets["closing"], Whereabouts: secrets["found"]},
	}
	o.put(c)
	f := &filed{office: o}
	f.court = f.institution("Example Court", "court", "DE")
	f.authority = f.institution("Example Authority", "central_authority", "DE")
	in := removal()
	in.LegalRoute, in.Legal, in.Whereabouts, in.CustodyBasis = "hague1980", []string{"le"}, "Example Road 1, Berlin", "joint custody by law"
	in.Parties = []partners.Party{
		{Role: "left_behind", Name: "Example Mother", Relation: "majka", Nationalities: []string{"RS"}, BirthDate: "1990-01-02", Address: "Zqparty road 3", Phone: "+381 11 000 0044"},
		{Role: "relative", Name: "Example Aunt", Relation: "aunt"},
	}
	in.Documents = []partners.TravelDocument{{Kind: "passport", ChildID: "jana", State: "RS", Number: "000111", ValidUntil: "2027-01-31", Where: secrets["drawer"]}}
	in.Dangers = []partners.Danger{{Code: "threats", Note: secrets["danger"]}}
	in.FamilyContacts = []partners.FamilyContact{{Date: "2026-04-02", Channel: "phone", With: "Jana", Note: "said that she is well"}}
	in.Decisions = []partners.CustodyDecision{{Date: "2020-05-06", What: "custody", Court: "Example Court", Text: "joint"}, {Date: "2026-10-01", What: "return_refused", Court: "Court abroad"}}
	in.Traces = []partners.Trace{{Kind: "route", Date: "2026-03-10", Text: "by car", Source: "B", Information: 2}}
	in.Instances = []partners.Instance{{StartedAt: "2026-09-01", InstitutionID: f.court}}
	m, err := o.OpenMatter(t.Context(), operator(), "case1", in, alerts.Request{})
	f.must(err)
	f.id = m.ID
	for _, e := range []partners.NewMatterContact{
		{Request: "Application for return", Reference: "II-1/26"}, {Request: secrets["staff"], Confidential: "staff"},
	} {
		e.InstitutionID, e.Direction, e.Channel, e.At = f.authority, "out", "letter", at(t, "2026-04-01 10:00")
		_, err := o.RecordContact(t.Context(), operator(), f.id, e, alerts.Request{})
		f.must(err)
	}
	return f
}

func (f *filed) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *filed) institution(name, kind, country string) string {
	f.t.Helper()
	i, err := f.CreateInstitution(f.t.Context(), operator(), partners.NewInstitution{
		Name: name, Kind: kind, Country: country, Fictional: true, Channels: []partners.Channel{{Kind: "post", Value: "Box 1, Example town"}},
	}, alerts.Request{})
	f.must(err)
	return i.ID
}

func (f *filed) scan(paper, kind string, content []byte) partners.PaperFileView {
	f.t.Helper()
	v, err := f.AddFile(f.t.Context(), operator(), f.id, paper, partners.NewFile{Kind: kind, Name: secrets["filename"] + "." + kind, Content: content, Width: 40, Height: 30}, alerts.Request{})
	f.must(err)
	return v.Files[len(v.Files)-1]
}

// wasRead tells whether somebody's reading of a subject was written down.
func (f *filed) wasRead(who, subject string) bool {
	f.t.Helper()
	records, err := f.store.Reads(f.t.Context(), "node", 0, 1000)
	f.must(err)
	return slices.ContainsFunc(records, func(r []byte) bool {
		return strings.Contains(string(r), `"`+who+`"`) && strings.Contains(string(r), `"`+subject+`"`)
	})
}

func photo(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hide keeps a fact from a party, as somebody of the desk does.
func (f *filed) hide(party, field string, words ...string) {
	f.t.Helper()
	c, ok := f.Board.Case("case1")
	if !ok {
		f.t.Fatal("no case")
	}
	next := *c
	next.Hidden = append(slices.Clone(c.Hidden), alerts.Hiding{ID: field, Party: party, Field: field, Words: words, At: f.clock()})
	f.put(&next)
}

func (f *filed) items() map[string]partners.PaperView {
	f.t.Helper()
	v, err := f.PapersOf(f.t.Context(), operator(), f.id)
	f.must(err)
	out := map[string]partners.PaperView{}
	for _, i := range v.Items {
		out[i.ID] = i
	}
	return out
}

func state(v partners.PaperView, of string) partners.PaperState {
	for _, s := range v.States {
		if s.State == of {
			return s
		}
	}
	return partners.PaperState{}
}

// checkArchive compares every file of an archive with its manifest and returns
// their names.
func checkArchive(t *testing.T, raw []byte) []string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	var m pack.Manifest
	if err := json.Unmarshal(files["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	if len(files) != len(m.Files)+2 {
		t.Errorf("%d files, %d in the manifest", len(files), len(m.Files))
	}
	for _, p := range m.Files {
		if pack.Sum(files[p.Name]) != p.SHA256 || len(files[p.Name]) != p.Size {
			t.Errorf("%s is not what the manifest says", p.Name)
		}
	}
	return slices.Sorted(maps.Keys(files))
}

// textOf reads a PDF's text, or is false where no program for it is named.
func textOf(t *testing.T, raw []byte) (string, bool) {
	t.Helper()
	program := os.Getenv("PDFTOTEXT")
	if program == "" {
		t.Log("left out: set PDFTOTEXT to the path of pdftotext")
		return "", false
	}
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out), true
}
