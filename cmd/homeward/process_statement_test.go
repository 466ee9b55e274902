package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/partners"
)

// TestStatementOfAPartner goes the way of a dispute: a partner's program takes an
// alert and stops; the desk looks where it stands and downloads what it was sent;
// later the operator has the file compared with the store.
func TestStatementOfAPartner(t *testing.T) {
	t.Parallel()
	in := install(t)
	in.start()
	partner, key := in.partner("RS")
	caseID, _ := in.openCase()
	officer := in.as("officer", alerts.RoleDutyOfficer)
	statement := func() (s partners.FeedStatement, text []byte) {
		t.Helper()
		status, text, _ := in.do("GET", "/api/v1/partners/"+partner+"/statement", officer, nil)
		if status != http.StatusOK {
			t.Fatalf("%d: %s", status, text)
		}
		if err := json.Unmarshal(text, &s); err != nil {
			t.Fatal(err)
		}
		return s, text
	}
	b := inbox{t, filepath.Join(in.dir, "frames"), filepath.Join(in.dir, "cursor")}
	p := b.listen(in.node, key, b.path)
	id, hash := in.draft(caseID)
	in.release(id, hash)
	until(t, "the frame is taken and confirmed", func() bool {
		s, _ := statement()
		return len(s.Lines) == 1 && len(s.Positions) == 1 && s.Positions[0].Confirmed >= s.Lines[0].Number && s.Lines[0].State == partners.DeliveryReceived
	})
	p.kill()
	until(t, "the end of the connection is seen", func() bool { s, _ := statement(); return s.Positions[0].Connections == 0 })
	second, hash := in.draft(caseID)
	in.release(second, hash)
	s, text := statement()
	if at := s.Positions[0]; at.Behind != 1 || at.KeyName == "" || at.Until == nil || s.Lines[0].AlertID != second || s.Lines[0].State != partners.DeliveryWaiting {
		t.Fatalf("after the second: %s", text)
	}
	in.stop()
	in.start()
	if s, text := statement(); len(s.Positions) != 1 || s.Positions[0].Confirmed == 0 || s.Positions[0].Behind != 1 {
		t.Fatalf("after a restart: %s", text)
	}
	file := filepath.Join(in.dir, "statement.json")
	keep := func(text []byte) {
		t.Helper()
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	keep(text)
	in.runs("changes of the statement compared", "verify", "--statement", file)
	// The control: a statement of which one digit is another is not confirmed.
	keep([]byte(strings.Replace(string(text), s.Marks[0].Chain, "0"+s.Marks[0].Chain[1:len(s.Marks[0].Chain)-1]+"x", 1)))
	if code, out := in.run(in.places("verify", "--statement", file)...); code != 1 || !strings.Contains(out, "not the one of the statement") {
		t.Errorf("a changed statement: %d %s", code, out)
	}
	keep([]byte(`{"items":[]}`))
	if code, out := in.run(in.places("verify", "--statement", file)...); code != 1 || !strings.Contains(out, "no feed statement") {
		t.Errorf("another file: %d %s", code, out)
	}
	in.stop()
	keep(text)
	in.runs("changes of the statement compared", "verify", "--offline", "--statement", file)
}
