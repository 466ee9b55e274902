package main

import (
	"path/filepath"
	"testing"

	"homeward/alerts"
)

// federation is an installation, a second one that is its partner, and an
// organisation that is a partner of the second.
type federation struct {
	t          *testing.T
	a, b       *node
	partner    string // the second's id at the first
	key        string
	radio      string // the organisation's key
	dir, token string
}

func newFederation(t *testing.T) *federation {
	f := &federation{t: t, dir: t.TempDir()}
	first, second := t.TempDir(), t.TempDir()
	f.a, f.b = startNode(t, first+"/data", first), startNode(t, second+"/data", second)
	f.partner, f.key = f.a.partner("RS")
	_, f.radio = f.b.partner("RS")
	f.token = f.b.as("neighbour", alerts.RoleOperator)
	return f
}

func (f *federation) listen() *program {
	return handsOn(f.t, f.a, f.key, filepath.Join(f.dir, "cursor"), filepath.Join(f.dir, "log"), "--forward", f.b.address, "--forward-token", f.token)
}

// there returns the alert at the second installation that repeats one of the
// first, nil while there is none.
func (f *federation) there(id string) object {
	f.t.Helper()
	revisions := f.a.must("GET", "/alerts/"+id, f.a.as("duty", alerts.RoleDutyOfficer), nil)["revisions"].([]any)
	for _, item := range f.b.must("GET", "/alerts", f.b.as("duty", alerts.RoleDutyOfficer), nil)["items"].([]any) {
		al := item.(object)
		mirrors, _ := al["mirrors"].([]any)
		for _, m := range mirrors {
			for _, r := range revisions {
				of, is := r.(object), m.(object)
				if of["identifier"] == is["identifier"] && of["sender"] == is["sender"] && of["sent"] == is["sent"] {
					return al
				}
			}
		}
	}
	return nil
}

func (f *federation) releaseThere(al object) string {
	f.t.Helper()
	id := al["id"].(string)
	f.b.release(id, al["draft"].(object)["content_hash"].(string))
	return id
}

// line is how the ledger of the first shows the second.
func (f *federation) line(id string) object {
	f.t.Helper()
	items := f.a.must("GET", "/alerts/"+id+"/deliveries", f.a.as("duty", alerts.RoleDutyOfficer), nil)["items"].([]any)
	if len(items) != 1 {
		f.t.Fatalf("%v", items)
	}
	return items[0].(object)
}

// TestFederation forwards an alert for partners to another installation: people
// there release it, an answer comes back, a killed listener loses nothing, and
// an end crosses.
func TestFederation(t *testing.T) {
	t.Parallel()
	f := newFederation(t)
	caseID, _ := f.a.openCase()
	p := f.listen()
	id, hash := f.a.draft(caseID)
	f.a.release(id, hash)
	until(t, "the alert is a draft there", func() bool { return f.there(id) != nil })
	al := f.there(id)
	if al["state"] != "draft" || al["draft"].(object)["level"] != "partner" {
		t.Fatalf("what came in goes out by itself, or further: %v", al)
	}
	p.kill()
	// While nobody listens: an update, and a second alert that is taken back again.
	update := f.a.must("POST", "/alerts/"+id+"/update", f.a.as("coordinator", alerts.RoleCoordinator), object{
		"texts": object{"en": object{"headline": "Missing child", "description": "He wears a red cap.", "instruction": "Call 116 000."}},
	})
	f.a.release(id, update["content_hash"].(string))
	second, hash := f.a.draft(caseID)
	f.a.release(second, hash)
	brief, hash := f.a.draft(caseID)
	f.a.release(brief, hash)
	f.a.must("POST", "/alerts/"+brief+"/cancel", f.a.as("coordinator", alerts.RoleCoordinator), object{"reason": "found"})
	p = f.listen()
	until(t, "the update and the second alert are there", func() bool { return len(f.there(id)["mirrors"].([]any)) == 2 && f.there(second) != nil })
	if f.there(brief) != nil {
		t.Error("an alert that had ended before anybody listened was forwarded")
	}
	here := f.releaseThere(f.there(id))
	until(t, "the organisation there has it", func() bool {
		status, _, _ := f.b.do("GET", "/api/v1/partner/alerts/"+here, f.radio, nil)
		return status == 200
	})
	f.b.must("POST", "/partner/alerts/"+here+"/answer", f.radio, object{"answer": "accepted", "by": "Iva"})
	until(t, "the answer comes back", func() bool { return f.line(id)["state"] == "accepted" })
	if reason := f.line(id)["reason"]; reason != "Forwarded: accepted by 1 of 1 organisations." {
		t.Errorf("%v", reason)
	}
	p.kill()
	f.a.must("POST", "/alerts/"+id+"/cancel", f.a.as("coordinator", alerts.RoleCoordinator), object{"reason": "found"})
	p = f.listen()
	until(t, "it is gone there", func() bool { return f.there(id)["state"] == "cancelled" })
	if status, _, _ := f.b.do("GET", "/api/v1/alerts/"+here+"/cap.xml", f.radio, nil); status != 410 {
		t.Errorf("the organisation there gets %d", status)
	}
	if f.line(id)["state"] == "removed" {
		t.Error("removal is confirmed before the organisation there has confirmed it")
	}
	f.b.must("POST", "/partner/alerts/"+here+"/removed", f.radio, object{"by": "Iva"})
	until(t, "the removal is confirmed", func() bool { return f.line(id)["state"] == "removed" })
	if f.there(second)["state"] != "draft" {
		t.Error("the control: an alert that goes on was taken back too")
	}
	p.kill()
}

// TestForwardingIsRefused: without a good token there the program ends with a
// code of its own.
func TestForwardingIsRefused(t *testing.T) {
	t.Parallel()
	f := newFederation(t)
	caseID, _ := f.a.openCase()
	id, hash := f.a.draft(caseID)
	f.a.release(id, hash)
	for _, token := range []string{"nonsense", f.radio} {
		f.token = token
		p := f.listen()
		<-p.gone
		if code := p.cmd.ProcessState.ExitCode(); code != exitForward {
			t.Errorf("exit code %d, want %d: %s", code, exitForward, p.said())
		}
	}
}
