package alerts_test

import (
	"testing"

	"homeward/alerts"
)

// What another installation sent to partners only stays with partners, needs no
// authority's decision, and still goes out only when somebody releases it.
func TestARestrictedMessageStaysWithPartners(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	in := r.aMirror("Alert", "F-1")
	in.Restricted = true
	v, err := r.Mirror(r.ctx, r.ana, in, alerts.Request{})
	r.ok(err)
	al, _ := r.Board.Alert(v.ID)
	if al.Draft.Level != alerts.LevelPartner || al.Current() != nil || al.State != alerts.AlertDraft {
		t.Errorf("it became %+v", al)
	}
	if m := al.Mirrors[0]; m.Sender != in.Sender || m.Identifier != "F-1" || !m.Sent.Equal(in.Sent) {
		t.Errorf("its identity is lost: %+v", m)
	}
	end := r.aMirror("Cancel", "F-2", "F-1")
	end.Restricted = true
	gone, err := r.Mirror(r.ctx, r.ana, end, alerts.Request{})
	r.ok(err)
	if gone.ID != v.ID || gone.State != alerts.AlertCancelled {
		t.Errorf("the end became %+v", gone)
	}
}
