package partners

import (
	"context"
	"testing"
	"time"

	"homeward/alerts"
)

// An alert counts with what each organisation did last; a drill, a false report
// and a restricted case of somebody else do not.
func TestWhatIsCounted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, other := r.partner("Radio", region("RS")), r.partner("Taksi", region("RS"))
	r.newCase("c1")
	al := r.alert("c1", "severe")
	r.drill(NewDrill{Partners: []string{one, other}})
	r.wait(30 * time.Minute)
	for _, what := range []string{"opened", string(DeliveryDeclined)} {
		_, err := r.act(of(one), what, al, Act{By: "Iva Ivić", Reason: "x"})
		must(t, err)
		r.wait(30 * time.Minute)
	}
	r.newCase("c2")
	c, _ := r.desk.Board.Case("c2")
	void := *c
	void.State = alerts.StateVoid
	r.put(&void)
	r.newCase("c3")
	c, _ = r.desk.Board.Case("c3")
	restricted := *c
	restricted.Restricted, restricted.Team = true, nil
	r.put(&restricted)

	s, err := r.desk.Statistics(context.Background(), r.ana, StatisticsFilter{})
	must(t, err)
	want := map[string]int{totalCases: 1, totalVoid: 1, totalAlerts: 1, totalTold: 2, totalContacts: 0}
	for key, n := range want {
		if got := *totalsOf(s)[key]; got != n {
			t.Errorf("%s is %d, not %d", key, got, n)
		}
	}
	for _, b := range s.Breakdowns {
		for _, row := range b.Rows {
			if b.Key == "response" && *row.Count != map[string]int{"declined": 1, "silent": 1}[row.Key] {
				t.Errorf("%s: %d", row.Key, *row.Count)
			}
		}
	}
	for _, m := range s.Measures {
		took := map[string]int{"release_to_opened": 30, "release_to_answer": 60}[m.Key]
		if took > 0 && (m.MedianMinutes == nil || *m.MedianMinutes != took) {
			t.Errorf("%s took %s", m.Key, maybe(m.MedianMinutes))
		}
	}
	_, err = r.desk.Statistics(context.Background(), r.admin, StatisticsFilter{})
	wantCode(t, err, alerts.Forbidden)
}
