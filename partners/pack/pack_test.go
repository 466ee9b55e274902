package pack_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/partners/pack"
)

func load(t *testing.T) *pack.Data {
	t.Helper()
	d, err := pack.Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func ids(rows []pack.Row) []string {
	var out []string
	for _, r := range rows {
		out = append(out, r.ID)
	}
	return out
}

func TestChecklistFollowsRouteAndStates(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, x := range []struct {
		route, from, to string
		has, hasNot     []string
	}{
		{"hague1980", "RS", "DE", []string{"form", "birth_certificate", "custody_decision", "translations", "rs_originals"}, []string{"ch_child_details", "nz_history", "power_of_attorney"}},
		{"hague1980", "RS", "CH", []string{"ch_child_details", "rs_originals"}, []string{"nz_history"}},
		{"hague1980", "DE", "RS", []string{"form"}, []string{"rs_originals"}},
		{"hague1980", "AU", "NZ", []string{"nz_history"}, []string{"rs_originals"}},
		{"hague1980+brussels2b", "AT", "HU", []string{"form", "authorisation"}, []string{"recognition"}},
		{"luxembourg1980", "RS", "TR", []string{"recognition", "rs_originals"}, []string{"art15_declaration"}},
		{"non_hague", "RS", "LB", []string{"power_of_attorney", "recognition", "birth_certificate"}, []string{"form", "rs_originals", "translations"}},
		{"", "RS", "DE", []string{"birth_certificate", "habitual_residence"}, []string{"form", "recognition"}},
	} {
		got := ids(d.Checklist(x.route, x.from, x.to))
		for _, id := range x.has {
			if !slices.Contains(got, id) {
				t.Errorf("%s %s-%s is without %s: %v", x.route, x.from, x.to, id, got)
			}
		}
		for _, id := range x.hasNot {
			if slices.Contains(got, id) {
				t.Errorf("%s %s-%s has %s", x.route, x.from, x.to, id)
			}
		}
	}
}

func TestEveryLetterIsCompleteInEveryLanguage(t *testing.T) {
	t.Parallel()
	d := load(t)
	facts := pack.Facts{}
	for _, k := range pack.Keys() {
		facts[k] = "⟦" + k + "⟧"
	}
	for _, template := range d.Templates {
		for _, lang := range pack.Languages() {
			text := template.Write(lang, facts)
			if len(text.Missing) > 0 || strings.ContainsAny(text.Subject+text.Body, "{}") || strings.Contains(text.Body, "\n? ") {
				t.Errorf("%s in %s: missing %v\n%s", template.ID, lang, text.Missing, text.Body)
			}
			cyrillic := strings.ContainsFunc(text.Body, func(r rune) bool { return r >= 'А' && r <= 'я' })
			if cyrillic != (lang == pack.Cyrillic) {
				t.Errorf("%s in %s is in the wrong script", template.ID, lang)
			}
			empty := template.Write(lang, pack.Facts{})
			if !strings.Contains(empty.Body, pack.Gap) || len(empty.Missing) != len(text.Used) || strings.Contains(empty.Body, "\n\n\n") {
				t.Errorf("%s in %s without facts: %v\n%s", template.ID, lang, empty.Missing, empty.Body)
			}
		}
	}
}

func TestOptionalLinesGoWithTheirFacts(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, k := range pack.Keys() {
		if d.FactTitle(k, pack.English) == "" || d.FactTitle(k, pack.Cyrillic) == "" {
			t.Errorf("%s has no name", k)
		}
	}
	template, _ := d.Template("court_delay")
	text := template.Write(pack.English, pack.Facts{"instance.started": "1 May 2026", "children.names": "Jana"})
	if !strings.Contains(text.Body, "1 May 2026") || strings.Contains(text.Body, "days have passed") || strings.Contains(text.Body, "Your reference") {
		t.Error(text.Body)
	}
	if !slices.Contains(text.Missing, "instance.days") || slices.Contains(text.Missing, "children.names") || !slices.Contains(text.Used, "children.names") {
		t.Errorf("missing %v, used %v", text.Missing, text.Used)
	}
}

func gate(t *testing.T, to string, hidden ...alerts.Hiding) *pack.Gate {
	t.Helper()
	r, ok := load(t).Recipient(to)
	if !ok {
		t.Fatal(to)
	}
	return &pack.Gate{To: r, Sees: func(c alerts.Class) bool { return c != alerts.P2 }, Hidden: hidden}
}

func TestGate(t *testing.T) {
	t.Parallel()
	address := alerts.Hiding{Party: alerts.PartyTaking, Field: alerts.HideAddress, Words: []string{"Example Street 5", "Primerna ulica br. 7"}}
	for _, x := range []struct {
		name, to string
		classes  []alerts.Class
		hide     []string
		text     string
		want     string
	}{
		{"a fact of an allowed class", "court", []alerts.Class{alerts.P3}, nil, "joint custody", ""},
		{"what nobody outside gets", "court", []alerts.Class{alerts.P5}, nil, "note", pack.NotTheirs},
		{"where a found child is", "police", []alerts.Class{alerts.P9}, nil, "here", pack.NotTheirs},
		{"the reporter", "police", []alerts.Class{alerts.P3, alerts.P6}, nil, "caller", pack.NotTheirs},
		{"what the sender may not see", "court", []alerts.Class{alerts.P2}, nil, "school", pack.NotYours},
		{"a hidden field to who reads the court's file", "court", []alerts.Class{alerts.P3}, []string{"address"}, "Other Street", pack.KeptFrom},
		{"a hidden field to the central authority", "central_authority", []alerts.Class{alerts.P3}, []string{"address"}, "Other Street", pack.KeptFrom},
		{"a hidden field to the police", "police", []alerts.Class{alerts.P3}, []string{"address"}, "Example Street 5", ""},
		{"a hidden field to the other parent's own lawyer", "own_lawyer", []alerts.Class{alerts.P3}, []string{"address"}, "Example Street 5", ""},
		{"hidden words under another field", "court", []alerts.Class{alerts.P3}, nil, "She lives at EXAMPLE street 5.", pack.KeptFrom},
		{"hidden words in the other script", "other_side", []alerts.Class{alerts.P3}, nil, "станује у Примерној, Примерна улица бр. 7", pack.KeptFrom},
	} {
		if got := gate(t, x.to, address).Bars(x.classes, x.hide, x.text); got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
	lifted := address
	lifted.LiftedAt = time.Unix(1, 0)
	if got := gate(t, "court", lifted).Bars([]alerts.Class{alerts.P3}, []string{"address"}, "Example Street 5"); got != "" {
		t.Errorf("a hiding that was lifted still bars: %s", got)
	}
}

// TestNothingPrivateIsInTheData looks for a recipient or a line that would let
// out what never leaves.
func TestNothingPrivateIsInTheData(t *testing.T) {
	t.Parallel()
	d := load(t)
	never := []alerts.Class{alerts.P4, alerts.P5, alerts.P6, alerts.P7, alerts.P8, alerts.P9, alerts.P10}
	for _, r := range d.Recipients {
		for _, c := range never {
			g := pack.Gate{To: &r, Sees: func(alerts.Class) bool { return true }}
			if slices.Contains(r.Classes, c) || g.Bars([]alerts.Class{c}, nil, "x") == "" {
				t.Errorf("%s gets %s", r.ID, c)
			}
		}
		if len(r.Reaches) == 0 && !slices.Contains([]string{"police", "consulate"}, r.ID) {
			t.Errorf("nobody else is said to read what %s gets", r.ID)
		}
	}
}

func TestFillPrefersWhatWasWrittenAndKeepsWhatIsHidden(t *testing.T) {
	t.Parallel()
	d := load(t)
	known := pack.Known{}
	known.Set("child.family_name", "c1", "Petrović")
	known.Set("child.given_names", "c1", "Jana")
	known.Set("child.birth_date", "c1", "2 May 2018")
	known.Set("taker.name", "", "the father")
	answers := []pack.Answer{
		{Field: "taker.name", Value: "Petar Primer"},
		{Field: "applicant.address", Value: "Example Street 5"},
		{Field: "remarks", Value: "She now lives in Example Street 5."},
	}
	children := []pack.Child{{ID: "c1", Name: "Jana Petrović"}, {ID: "c2"}}
	hidden := alerts.Hiding{Party: alerts.PartyTaking, Field: alerts.HideAddress, Words: []string{"Example Street 5"}}
	out := d.Fill(pack.English, children, known, answers, gate(t, "court", hidden))
	if got := out.Get("taker.name", ""); got != "Petar Primer" {
		t.Errorf("the taking person is %q", got)
	}
	for _, field := range []string{"applicant.address", "remarks"} {
		if got := out.Get(field, ""); got != "" {
			t.Errorf("%s tells %q", field, got)
		}
	}
	if out.Withheld != 2 || out.Missing == 0 {
		t.Errorf("%d withheld, %d missing", out.Withheld, out.Missing)
	}
	facts := d.Facts(out)
	if facts["children.names"] != "Jana Petrović" || facts["children.list"] != "– Jana Petrović, born on 2 May 2018" {
		t.Errorf("%v", facts)
	}
	if police := d.Fill(pack.English, children, known, answers, gate(t, "police", hidden)); police.Get("applicant.address", "") == "" || police.Withheld != 0 {
		t.Error("the police, whose file no party reads, do not get the address")
	}
	blocks := 0
	for _, s := range out.Sections {
		if s.ChildID != "" {
			blocks++
		}
	}
	if blocks != 2 {
		t.Errorf("%d blocks for two children", blocks)
	}
}

func TestZipIsReproducibleAndItsManifestTrue(t *testing.T) {
	t.Parallel()
	one, two := []byte("first"), bytes.Repeat([]byte("second "), 1000)
	m := pack.Manifest{MadeAt: time.Date(2026, 5, 2, 10, 0, 0, 0, time.UTC), Case: "K7MQ2RTX", For: "Court", Language: "en", Files: []pack.Part{
		{Name: "application.pdf", SHA256: pack.Sum(one), Size: len(one), Title: "Pack"},
		{Name: "papers/01-form-1.pdf", SHA256: pack.Sum(two), Size: len(two), Title: "Obrazac", Language: "sr-Latn", State: "received"},
	}}
	raw, err := pack.Zip(m, [][]byte{one, two})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := pack.Zip(m, [][]byte{one, two}); err != nil || !bytes.Equal(raw, again) {
		t.Errorf("the same bundle was packed differently: %v", err)
	}
	checkZip(t, raw)
}

// checkZip compares every file of an archive with its manifest.
func checkZip(t *testing.T, raw []byte) {
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
		if pack.Sum(files[p.Name]) != p.SHA256 || len(files[p.Name]) != p.Size || !strings.Contains(string(files["manifest.txt"]), p.SHA256) {
			t.Errorf("%s is not what the manifest says", p.Name)
		}
	}
}
