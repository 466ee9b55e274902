package abduction

import (
	"strings"
	"testing"
)

func TestDeadlines(t *testing.T) {
	t.Parallel()
	law, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		asked    Asked
		rule     string
		due      string
		verified bool
	}{
		// 2026-10-31 is a Saturday.
		"thirty days":         {Asked{"RS", "ministry", "administrative_decision", "", date(t, "2026-10-01")}, "rs.zup145.direct", "2026-11-02", true},
		"over the new year":   {Asked{"RS", "police", "police_complaint", "", date(t, "2026-12-02")}, "rs.police_complaint", "2027-01-04", true},
		"the Ombudsman":       {Asked{"RS", "ombudsman", "ombudsman_complaint", "", date(t, "2026-03-02")}, "rs.ombudsman.complaint", "2026-05-04", false},
		"length not known":    {Asked{"RS", "social_work_centre", "urgency_assessment", "", date(t, "2026-10-01")}, "rs.social_work.intake", "", false},
		"missing child":       {Asked{"RS", "police", "missing_child_report", "", date(t, "2026-10-03")}, "rs.missing_child_report", "2026-10-03", true},
		"between EU states":   {Asked{"DE", "central_authority", "acknowledgement", "hague1980+brussels2b", date(t, "2026-10-02")}, "eu.brussels2b.art23", "2026-10-09", true},
		"outside the EU":      {Asked{"CH", "central_authority", "acknowledgement", "hague1980", date(t, "2026-10-02")}, "foreign.central_authority", "", true},
		"six weeks":           {Asked{"CH", "court", "return_application", "hague1980", date(t, "2026-10-01")}, "hague1980.art11", "2026-11-12", true},
		"another country":     {Asked{"DE", "ministry", "administrative_decision", "", date(t, "2026-10-01")}, "", "", false},
		"before it was law":   {Asked{"DE", "central_authority", "acknowledgement", "hague1980+brussels2b", date(t, "2022-07-31")}, "", "", false},
		"nothing asked":       {Asked{"RS", "ministry", "", "", date(t, "2026-10-01")}, "", "", false},
		"a lawyer is no body": {Asked{"RS", "lawyer", "administrative_decision", "", date(t, "2026-10-01")}, "", "", false},
	} {
		got, ok := law.Deadline(c.asked)
		if ok != (c.rule != "") || got.Rule != c.rule || got.Due.String() != c.due || got.Verified != c.verified {
			t.Errorf("%s: %+v, %t", name, got, ok)
		}
	}
}

func TestRemedies(t *testing.T) {
	t.Parallel()
	law, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	asked := Asked{Country: "RS", Kind: "ministry", Matter: "public_information", On: date(t, "2026-10-01")}
	for start, want := range map[string]string{"answer": "rs.commissioner.refusal 2026-10-16", "silence": "rs.commissioner.silence 2026-10-16", "event": "", "": ""} {
		var got []string
		for _, d := range law.Remedies(asked, start, asked.On) {
			got = append(got, d.Rule+" "+d.Due.String())
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("after %q: %v, want %s", start, got, want)
		}
	}
	if d, ok := law.DeadlineBy("rs.police_complaint.filing", "RS", date(t, "2026-10-01")); !ok || d.Due.String() != "2026-11-02" {
		t.Errorf("%+v %t", d, ok)
	}
	if _, ok := law.DeadlineBy("none", "RS", asked.On); ok {
		t.Error("a rule that is not there")
	}
}

// Every row says where it comes from, when that was read and, for a row that
// nobody has checked, nothing that claims otherwise.
func TestEveryDeadlineRowHasItsBasis(t *testing.T) {
	t.Parallel()
	law, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	serbia := 0
	for _, r := range law.DeadlineRules {
		if r.Country == "RS" {
			serbia++
		}
		if !strings.HasPrefix(r.Link, "http") || r.AsOf.IsZero() || r.Country == "" && r.ValidFrom.IsZero() {
			t.Errorf("%s: %+v", r.ID, r.Basis)
		}
	}
	if serbia < 20 {
		t.Errorf("%d rows for Serbia", serbia)
	}
	if law.KnowsHolidays("RS") != true || law.KnowsHolidays("ZZ") {
		t.Error("whose holidays are known")
	}
}
