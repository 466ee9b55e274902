package partners_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"homeward/alerts"
)

func TestCasesAsATableHoldNoFormulaAndNoMoreThanTheList(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.change(func(c *alerts.Case) {
		c.Children = []alerts.Child{{ID: "x", Names: []alerts.Name{{Given: "=1+1", Kind: "used"}}}}
		c.Risks = []alerts.RiskGrade{{Grade: "high"}}
	})
	table := func(a alerts.Actor, q alerts.CaseQuery) [][]string {
		t.Helper()
		b, err := h.CasesCSV(t.Context(), a, q)
		h.must(err)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\uFEFF"))).ReadAll()
		h.must(err)
		return rows[1:]
	}
	rows := table(coordinator(), alerts.CaseQuery{})
	if len(rows) == 0 || rows[0][5] != "'=1+1" || rows[0][3] != "high" {
		t.Errorf("%q", rows)
	}
	if rows := table(operator(), alerts.CaseQuery{}); rows[0][3] != "" {
		t.Errorf("an operator sees the risk: %q", rows)
	}
	if rows := table(coordinator(), alerts.CaseQuery{States: []alerts.State{alerts.StateVoid}}); len(rows) != 0 {
		t.Errorf("%q", rows)
	}
	h.change(func(c *alerts.Case) { c.Restricted, c.Team = true, nil })
	if rows := table(operator(), alerts.CaseQuery{}); len(rows) != 0 {
		t.Errorf("%q", rows)
	}
}
