package abduction

import (
	"strings"
	"testing"
)

func TestProtectionIsComplete(t *testing.T) {
	t.Parallel()
	p, err := LoadProtection()
	if err != nil {
		t.Fatal(err)
	}
	verified := 0
	for _, list := range [][]Entry{p.Factors, p.Measures, p.Facts, p.Yellow, p.Mediation} {
		for _, e := range list {
			if e.Verified {
				verified++
			}
			if !strings.HasPrefix(e.Link, "http") {
				t.Errorf("%s: %s", e.ID, e.Link)
			}
		}
	}
	if verified < 15 {
		t.Errorf("only %d rows were checked against their source", verified)
	}
}

func TestProtectionRefusesGaps(t *testing.T) {
	t.Parallel()
	whole := func() *Protection {
		p, err := LoadProtection()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for want, spoil := range map[string]func(*Protection){
		"alarm_days":     func(p *Protection) { p.AlarmDays = 0 },
		"facts: nothing": func(p *Protection) { p.Facts = nil },
		"the text, or":   func(p *Protection) { p.Yellow[0].Text = "" },
		"stands twice":   func(p *Protection) { p.Measures[1].ID = p.Measures[0].ID },
		"source or link": func(p *Protection) { p.Factors[0].Source = "" },
	} {
		p := whole()
		spoil(p)
		if err := p.check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
