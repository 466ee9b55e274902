package alerts

import (
	"testing"
	"time"
)

func TestPapersAreCountedPerRevisionAndConfirmedOnce(t *testing.T) {
	t.Parallel()
	al := &Alert{State: AlertLive, Revisions: []Revision{{Number: 1}}}
	if paperRule(&Alert{State: AlertDraft}, "poster.pdf", draftNow) != nil || paperRule(al, "other.pdf", draftNow) != nil {
		t.Error("counted what is no paper of an alert that is out")
	}
	for range 2 {
		al = paperRule(al, "poster.pdf", draftNow)
	}
	al = paperRule(al, "square.png", draftNow)
	next := *al
	next.Revisions = append(next.Revisions, Revision{Number: 2})
	al = paperRule(&next, "poster.pdf", draftNow.Add(time.Hour))
	if len(al.Papers) != 3 || al.Papers[0].Count != 2 || al.Papers[2].Revision != 2 || !al.Papers[2].Last.Equal(draftNow.Add(time.Hour)) {
		t.Errorf("papers %+v", al.Papers)
	}
	a := Actor{ID: "ana"}
	if _, err := takenDownRule(al, a, draftNow); CodeOf(err) != Conflict {
		t.Errorf("confirmed while the alert goes on: %v", err)
	}
	al = CancelRule(al, "found", "ana", draftNow)
	if paperRule(al, "poster.pdf", draftNow) != nil {
		t.Error("counted after the end")
	}
	al, err := takenDownRule(al, a, draftNow)
	if err != nil || al.PapersGone.By != "ana" {
		t.Fatalf("%+v, %v", al, err)
	}
	if again, err := takenDownRule(al, Actor{ID: "boris"}, draftNow.Add(1)); again != nil || err != nil {
		t.Errorf("confirmed twice: %+v, %v", again, err)
	}
	if _, err := takenDownRule(&Alert{State: AlertCancelled}, a, draftNow); CodeOf(err) != Conflict {
		t.Errorf("confirmed what was never made: %v", err)
	}
}
