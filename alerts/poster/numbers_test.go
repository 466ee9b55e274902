package poster

import "testing"

func TestLines(t *testing.T) {
	t.Parallel()
	for country, want := range map[string]string{"RS": "192", "HU": "116 000", "": "116 000"} {
		got, err := Lines(country)
		if err != nil || len(got) < 2 || got[0].Number != want || got[0].Source == "" {
			t.Errorf("%q: %+v %v", country, got, err)
		}
	}
}
