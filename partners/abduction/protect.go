package abduction

import (
	_ "embed"
	"errors"
	"fmt"
)

//go:embed protect.json
var protectJSON []byte

// Protection is what is known of preventing a removal, of alerts through the
// police, and of mediation, as data.
type Protection struct {
	// AlarmDays is how long before a known journey somebody is alarmed when
	// nothing else is said.
	AlarmDays int `json:"alarm_days"`
	// Factors are signs of a risk of removal; they are looked at one by one and
	// never added up.
	Factors []Entry `json:"factors"`
	// Measures are what can be asked for to keep a child in the country, or to
	// have it looked for.
	Measures []Entry `json:"measures"`
	// Facts are about borders and passports.
	Facts []Entry `json:"facts"`
	// Yellow is what a request for a yellow notice needs.
	Yellow []Entry `json:"yellow"`
	// Mediation is what makes mediation across borders good.
	Mediation []Entry `json:"mediation"`
}

// Entry is one row of the data: a text with where it comes from and since when
// it holds. Its id names its text in the catalogues.
type Entry struct {
	Basis
	Text string `json:"text"`
}

// LoadProtection reads the embedded data and refuses any that is not complete.
func LoadProtection() (*Protection, error) {
	p := &Protection{}
	if err := strict(protectJSON, p); err != nil {
		return nil, fmt.Errorf("read protect.json: %w", err)
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("protect.json: %w", err)
	}
	return p, nil
}

func (p *Protection) check() error {
	var errs []error
	if p.AlarmDays < 1 {
		errs = append(errs, errors.New("alarm_days is missing"))
	}
	for name, list := range map[string][]Entry{
		"factors": p.Factors, "measures": p.Measures, "facts": p.Facts, "yellow": p.Yellow, "mediation": p.Mediation,
	} {
		if len(list) == 0 {
			errs = append(errs, fmt.Errorf("%s: nothing there", name))
		}
		seen := map[string]bool{}
		for i := range list {
			e := &list[i]
			if e.Text == "" || e.ValidFrom.IsZero() && e.Note == "" {
				errs = append(errs, fmt.Errorf("%s %q: the text, or since when it holds, is missing", name, e.ID))
			}
			errs = append(errs, e.Basis.check(seen, Period{Unit: "days"}))
		}
	}
	return errors.Join(errs...)
}

// IDs returns the ids of a list, in its order.
func IDs(list []Entry) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = list[i].ID
	}
	return out
}
