package partners

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/journal"
)

func (r *rig) statement(a alerts.Actor, partner string, at ...FeedPosition) FeedStatement {
	r.t.Helper()
	s, err := r.desk.FeedStatement(context.Background(), a, partner, at, "", 0)
	must(r.t, err)
	return s
}

// sent writes the lines of a statement as "kind revision versions state".
func sent(s FeedStatement) []string {
	var out []string
	for _, l := range s.Lines {
		var versions []int
		for _, v := range l.Versions {
			versions = append(versions, v.Revision)
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s%s %d %v %s", l.Kind, l.Reason, l.Revision, versions, l.State)))
	}
	return out
}

func TestStatementSaysWhatEachPartnerWasSent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	rs, pl := r.partner("rs", region("RS")), r.partner("pl", region("PL"))
	id := r.released("c1", r.draft(region("RS", "PL")))
	only, both := region("PL"), region("RS", "PL")
	r.update(id, alerts.AlertUpdate{Area: &only})
	r.update(id, alerts.AlertUpdate{Area: &both})
	second := r.released("c1", r.draft(region("PL")))
	r.cancel(second)
	for partner, want := range map[string][]string{
		rs: {"alert 3 [1 3] waiting"},
		pl: {"withdrawalcancelled 1 [1] waiting", "alert 3 [1 2 3] waiting"},
	} {
		s := r.statement(of(partner), partner)
		if got := sent(s); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", partner, got, want)
		}
		for _, l := range s.Lines {
			for _, v := range l.Versions {
				if v.Identifier == "" || v.Sent.IsZero() || v.ContentHash == "" {
					t.Errorf("%s: a version without identity: %+v", partner, v)
				}
			}
		}
	}
	if got, want := sent(r.statement(r.ana, pl)), sent(r.statement(of(pl), pl)); !slices.Equal(got, want) {
		t.Errorf("the desk sees %q, the partner %q", got, want)
	}
	r.forget(second)
	erased := r.statement(r.ana, pl)
	if got, want := sent(erased)[0], "withdrawalerased 1 [1] waiting"; got != want {
		t.Errorf("after erasure %q, want %q", got, want)
	}
	if v := erased.Lines[0].Versions[0]; v.ContentHash != "" || v.Identifier == "" {
		t.Errorf("after erasure %+v: what identifies it stays, what it said does not", v)
	}
}

// TestStatementNamesNobodyElse holds the statement that a partner may download
// against what other partners were sent.
func TestStatementNamesNobodyElse(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	a, b := r.partner("a", region("RS")), r.partner("b", region("RS"))
	id := r.released("c1", r.draft(region("RS")))
	c := r.partner("c", region("PL"))
	area := region("RS", "PL")
	r.update(id, alerts.AlertUpdate{Area: &area})
	_, err := r.desk.Answer(context.Background(), of(b), id, Act{By: "Iva", Answer: DeliveryAccepted}, none)
	must(t, err)
	s := r.statement(of(a), a)
	if text := fmt.Sprintf("%+v", s); strings.Contains(text, b) || strings.Contains(text, c) || strings.Contains(text, "Iva") {
		t.Errorf("another organisation's: %s", text)
	}
	if text := fmt.Sprintf("%+v", r.statement(of(b), b)); !strings.Contains(text, b) || !strings.Contains(text, "Iva") {
		t.Errorf("its own is missing: %s", text) // what the check above looks for can be found
	}
	for _, reader := range []alerts.Actor{of(b), {ID: "x", Kind: alerts.KindPerson, Role: alerts.RoleOperator}} {
		_, err := r.desk.FeedStatement(context.Background(), reader, a, nil, "", 0)
		wantCode(t, err, alerts.NotFound)
	}
	_, err = r.desk.FeedStatement(context.Background(), r.ana, "nobody", nil, "", 0)
	wantCode(t, err, alerts.NotFound)
}

// TestStatementOfARestrictedCase says to the desk only how much is left out.
func TestStatementOfARestrictedCase(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	a := r.partner("a", region("RS"))
	id := r.released("c1", r.draft(region("RS")))
	c, _ := r.desk.Board.Case("c1")
	closed := *c
	closed.Restricted, closed.Team = true, []string{"somebody-else"}
	r.put(&closed)
	stranger := r.account("stranger", alerts.KindPerson, alerts.RoleCoordinator)
	s := r.statement(stranger, a)
	if len(s.Lines) != 0 || s.Withheld != 1 || len(s.Marks) != 0 || strings.Contains(fmt.Sprintf("%+v", s), id) {
		t.Errorf("%+v", s)
	}
	if s := r.statement(of(a), a); len(s.Lines) != 1 || s.Withheld != 0 {
		t.Errorf("the partner itself: %+v", s)
	}
}

func TestStatementPagesAndMarks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	a := r.partner("a", region("RS"))
	var ids []string
	for range 5 {
		ids = append([]string{r.released("c1", r.draft(region("RS")))}, ids...)
	}
	_, err := r.desk.Opened(context.Background(), of(a), ids[0], Act{By: "Iva"}, none)
	must(t, err)
	var got []string
	cursor := ""
	for {
		s, err := r.desk.FeedStatement(context.Background(), r.ana, a, nil, cursor, 2)
		must(t, err)
		known := map[uint64]journal.Mark{}
		for _, m := range s.Marks {
			known[m.Number] = m
		}
		for _, l := range s.Lines {
			got = append(got, l.AlertID)
			for _, n := range l.Changes {
				if m, ok := known[n]; !ok || len(m.Chain) != 64 || len(m.Documents) == 0 || m.Action == "" {
					t.Errorf("change %d of %s is not proved: %+v", n, l.AlertID, m)
				}
			}
		}
		if s.Next == nil {
			break
		}
		cursor = *s.Next
	}
	if !slices.Equal(got, ids) {
		t.Errorf("%v, want %v", got, ids)
	}
	for _, bad := range []string{"x", sealCursor([]string{"x"}), sealCursor([]string{"0"})} {
		_, err := r.desk.FeedStatement(context.Background(), r.ana, a, nil, bad, 2)
		wantCode(t, err, alerts.Invalid)
	}
}

func TestStatementSaysWhatIsStillToCome(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	a := r.partner("a", region("RS"))
	r.released("c1", r.draft(region("RS")))
	at := r.desk.board.Number()
	r.released("c1", r.draft(region("RS")))
	s := r.statement(r.ana, a, FeedPosition{Key: "gone", Confirmed: at}, FeedPosition{Confirmed: r.desk.board.Number()}, FeedPosition{})
	if got := []int{s.Positions[0].Behind, s.Positions[1].Behind, s.Positions[2].Behind}; !slices.Equal(got, []int{1, 0, 2}) {
		t.Errorf("behind %v, want 1, 0 and 2", got)
	}
}
