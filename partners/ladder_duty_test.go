package partners

import (
	"context"
	"slices"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// officer enters a duty officer with an e-mail address.
func (r *rig) officer(id, email string, disabled time.Time) {
	r.put(&alerts.Account{Head: journal.Head{ID: id}, Kind: alerts.KindPerson, Role: alerts.RoleDutyOfficer, Name: id, Email: email, Language: "en", DisabledAt: disabled})
}

// duties returns the messages to duty officers that leave while time goes by.
func (r *rig) duties(d time.Duration) []Dispatch {
	r.t.Helper()
	var out []Dispatch
	for ; d > 0; d -= time.Minute {
		r.wait(time.Minute)
		for _, one := range r.leaving() {
			if one.Kind == KindDuty {
				out = append(out, one)
			}
		}
	}
	return out
}

func TestTheLastStepTellsTheDutyOfficersOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	p := r.partner("one", region("RS"))
	una, _ := r.withColleagues(p)
	r.officer("mira", "mira@example.org", time.Time{})
	r.officer("ended", "ended@example.org", r.now())
	r.officer("none", "", time.Time{})
	al := r.released("c1", r.draft(region("RS")))
	mails := r.duties(3 * time.Hour)
	if len(mails) != 1 || mails[0].To != "mira@example.org" || !slices.Equal(mails[0].Countries, []string{"RS"}) || mails[0].Level != alerts.LevelPartner || mails[0].Code != "" {
		t.Fatalf("the duty officers get %+v", mails)
	}
	board, err := r.desk.Silence(r.ana)
	must(t, err)
	if !slices.ContainsFunc(board.Calls, func(c CallTask) bool { return c.Channel == ChannelCoordinator && c.AlertID == al }) {
		t.Error("the task is not on the board")
	}
	if more := r.duties(2 * time.Hour); len(more) != 0 {
		t.Errorf("told again: %+v", more)
	}
	_, err = r.desk.Opened(context.Background(), una, al, Act{}, none)
	must(t, err)
}

func TestNobodyOnDutyIsToldOfWhatWasOpened(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	p := r.partner("one", region("RS"))
	una, _ := r.withColleagues(p)
	r.officer("mira", "mira@example.org", time.Time{})
	al := r.released("c1", r.draft(region("RS")))
	_, err := r.desk.Opened(context.Background(), una, al, Act{}, none)
	must(t, err)
	if mails := r.duties(3 * time.Hour); len(mails) != 0 {
		t.Errorf("told %+v", mails)
	}
}

func TestPostersToTakeDownAreWork(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	r.newCase("c1")
	in := r.draft(region("RS"))
	in.Level, in.DecisionID = alerts.LevelNationalMirror, "decision"
	al := r.released("c1", in)
	must(t, r.desk.MakePaper(ctx, r.ana, al, "poster.pdf"))
	must(t, r.desk.MakePaper(ctx, r.ana, al, "poster.pdf"))
	owed := func() []PaperOwed {
		t.Helper()
		b, err := r.desk.Silence(r.ana)
		must(t, err)
		return b.Papers
	}
	if got := owed(); len(got) != 0 {
		t.Errorf("while the search goes on: %+v", got)
	}
	r.cancel(al)
	if got := owed(); len(got) != 1 || got[0].AlertID != al || got[0].Count != 2 || !slices.Equal(got[0].Files, []string{"poster.pdf"}) {
		t.Errorf("after the end: %+v", got)
	}
	_, err := r.desk.PapersTakenDown(ctx, r.ana, al, none)
	must(t, err)
	if got := owed(); len(got) != 0 {
		t.Errorf("after the confirmation: %+v", got)
	}
}
