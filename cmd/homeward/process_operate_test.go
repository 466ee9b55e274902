package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// regionsFile writes a file with one region.
func (in *installation) regionsFile(code string) string {
	in.tb.Helper()
	path := filepath.Join(in.dir, code+".geojson")
	text := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"` + code + `","parent":"RS","name":"Invented"},` +
		`"geometry":{"type":"Polygon","coordinates":[[[20,44],[20.2,44],[20.2,44.2],[20,44.2],[20,44]]]}}]}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		in.tb.Fatal(err)
	}
	return path
}

// covers tells whether an organisation can cover a region, which it can when
// the region is known.
func (in *installation) covers(code string) bool {
	status, _, _ := in.do("POST", "/api/v1/partners", in.as("coordinator", alerts.RoleCoordinator), object{
		"name": "Invented " + code, "coverage": object{"regions": []string{code}}, "languages": []string{"en"},
		"agreement": object{"reference": "A-1", "valid_until": in.w.now().AddDate(1, 0, 0)},
	})
	return status == http.StatusCreated
}

func (in *installation) runs(want string, args ...string) {
	in.tb.Helper()
	if code, out := in.run(in.places(args...)...); code != 0 || !strings.Contains(out, want) {
		in.tb.Fatalf("%v ended with %d: %s", args, code, out)
	}
}

// TestOperatorsCommands uses the commands of the program beside a running
// server and without one, and replaces the keys.
func TestOperatorsCommands(t *testing.T) {
	t.Parallel()
	in := install(t)
	in.start()
	id, _ := in.openCase()
	if in.covers("RS-T1") {
		t.Fatal("a region that nobody imported is known")
	}
	in.runs("as their last change wrote them", "verify")
	in.runs("1 regions imported", "regions", "import", in.regionsFile("RS-T1"))
	if !in.covers("RS-T1") {
		t.Error("an imported region is not known at once")
	}
	in.stop()
	if code, out := in.run(in.places("verify")...); code != 1 || !strings.Contains(out, "no server answers") {
		t.Errorf("verify without a server ended with %d: %s", code, out)
	}
	in.runs("as their last change wrote them", "verify", "--offline")
	in.runs("1 regions imported", "regions", "import", "--offline", in.regionsFile("RS-T2"))
	old, err := os.ReadFile(filepath.Join(in.keys(), masterFile))
	if err != nil {
		t.Fatal(err)
	}
	in.runs("has been replaced", "keys", "rotate")
	in.start()
	read := in.must("GET", "/cases/"+id, in.as("coordinator", alerts.RoleCoordinator), nil)
	if text, _ := json.Marshal(read); !bytes.Contains(text, []byte("Izmišljenović")) {
		t.Errorf("after the keys were replaced: %s", text)
	}
	if !in.covers("RS-T1") || !in.covers("RS-T2") {
		t.Error("imported regions are gone after a start")
	}
	in.stop()
	// The control: the old key opens nothing any more.
	if err := os.WriteFile(filepath.Join(in.keys(), masterFile), old, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := in.run(in.places("serve", "--listen", "127.0.0.1:0")...); code != 1 {
		t.Errorf("with the old master key: %d %s", code, out)
	}
}

// secrets are what is written through the API and may stand nowhere in the
// clear.
func (in *installation) secrets(t *testing.T) (number string, secrets []string) {
	coordinator := in.as("coordinator", alerts.RoleCoordinator)
	secret := func(s string) string { secrets = append(secrets, s); return s }
	c := in.must("POST", "/cases", coordinator, object{
		"category": "runaway", "circumstances": secret("Kanarinac-priča"),
		"children": []object{{
			"names": []object{{"given": secret("Kanarinka"), "family": secret("Tajanstvenić"), "kind": "birth", "script": "Latn"}},
			"home":  secret("Kanarinčeva 17"), "needs": secret("kanarinac-lek"), "description": object{"clothing": secret("kanarinac-jakna")},
		}},
		"last_seen": object{"at": in.w.now().Add(-time.Hour), "label": secret("kod kanarinca"),
			"place": object{"type": "Point", "coordinates": []float64{20.46, 44.81}}, "accuracy_m": 100},
	})
	id, number := c["id"].(string), c["number"].(string)
	contact := object{"name": secret("Pevac Kanarinović"), "phone": secret("+381 11 000 0077"), "email": secret("kanarinac@example.org")}
	in.must("POST", "/sightings", coordinator, object{"case_number": number, "observed_at": in.w.now().Add(-time.Hour), "text": secret("video sam kanarinca"), "contact": contact})
	in.must("POST", "/public/sightings", "", object{"observed_at": in.w.now().Add(-time.Hour), "text": secret("kanarinac na krovu"), "contact": object{"phone": secret("+381 11 000 0078")}})
	in.must("POST", "/contacts", coordinator, object{"channel": "phone", "kind": "other", "case_id": id, "asked": secret("pitanje kanarinca"),
		"caller": object{"name": secret("Zvonko Kanarinčević"), "phone": secret("+381 11 000 0079")}})
	in.must("POST", "/accounts", in.admin, object{"kind": "person", "role": "operator", "name": secret("Ptičica Kavezić"), "email": secret("pticica@example.org")})
	in.must("POST", "/partners", coordinator, object{
		"name": "Invented", "coverage": object{"regions": []string{"RS"}}, "languages": []string{"en"}, "agreement": object{"reference": "A-1"},
		"people": []object{{"name": secret("Slavuj Gnezdić"), "phone": secret("+381 11 000 0080")}},
	})
	m := in.must("POST", "/cases/"+id+"/abduction", coordinator, object{"kind": "removal", "wrongful_date": "2026-05-04", "from_state": "RS", "to_state": "HU",
		"left_behind": secret("otac kanarinca"), "taking_person": secret("odvela kanarinka"), "whereabouts": secret("kavez u Pešti")})
	inst := in.must("POST", "/institutions", coordinator, object{"name": "Invented", "kind": "court", "country": "HU"})
	in.must("POST", "/abductions/"+m["id"].(string)+"/contacts", coordinator, object{"institution_id": inst["id"], "direction": "out", "channel": "phone",
		"at": in.w.now().Add(-time.Hour), "request": secret("zahtev kanarinca"), "person": secret("Sudija Sović")})
	in.draft(id)
	secrets = append(secrets, "An invented boy of 11.") // the draft's text
	in.do("GET", "/api/v1/cases?q=Kanarinka", coordinator, nil)
	return number, secrets
}

// contents are the files below a directory, with all letters small.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		files[path] = bytes.ToLower(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// found tells in which files a text stands, whatever the case of its letters.
func found(files map[string][]byte, text string) (in []string) {
	for path, content := range files {
		if bytes.Contains(content, bytes.ToLower([]byte(text))) {
			in = append(in, path)
		}
	}
	return in
}

// TestNothingInTheClear looks for what was written through the API in every
// file of an installation, and in what it logged.
func TestNothingInTheClear(t *testing.T) {
	t.Parallel()
	in := install(t)
	in.start()
	number, secrets := in.secrets(t)
	in.running.kill() // as a thief would find it
	files := contents(t, in.dir)
	for _, s := range secrets {
		if in := found(files, s); len(in) > 0 {
			t.Errorf("%q stands in %v", s, in)
		}
	}
	if len(found(files, number)) == 0 {
		t.Error("the control: the case's number, which is not sealed, is not found either")
	}
}
