package partners

import (
	"testing"

	"homeward/alerts"
)

// What was done is counted for each organisation and may be put right; a wrong
// number is refused with its field, and a repeat is none.
func TestOutcomesAreCounted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.newCase("c1")
	one, two := r.partner("one", region("RS")), r.partner("two", region("RS"))
	id := r.released("c1", r.draft(region("RS")))
	say := func(a alerts.Actor, in Act) DeliveryView {
		t.Helper()
		v, err := r.act(a, "done", id, in)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	var sum DoneCounts
	for _, p := range []string{one, two} {
		if _, err := r.act(of(p), "accepted", id, Act{By: "Iva"}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := r.act(of(one), "done", id, Act{By: "Iva", Counts: DoneCounts{Posters: -1, Places: mostDone + 1}})
	wantCode(t, err, alerts.Invalid)
	if f := err.(*alerts.Error).Fields; len(f) != 2 || f[0].Field != "counts.posters" || f[1].Field != "counts.places" {
		t.Errorf("refused for %+v", f)
	}
	say(of(one), Act{By: "Iva", Outcome: "the east side", Counts: DoneCounts{Posters: 12}})
	corrected := say(of(one), Act{By: "Iva", Outcome: "the east side", Counts: DoneCounts{Posters: 14, Shelters: 3}})
	again := say(of(one), Act{By: "Iva", Outcome: "the east side", Counts: DoneCounts{Posters: 14, Shelters: 3}})
	if corrected.Counts != (DoneCounts{Posters: 14, Shelters: 3}) || len(again.Steps) != len(corrected.Steps) {
		t.Errorf("%+v, %d steps, then %d", corrected.Counts, len(corrected.Steps), len(again.Steps))
	}
	other := say(of(two), Act{By: "Ana", Counts: DoneCounts{Posters: 1, Places: 2}})
	for _, v := range []DeliveryView{again, other} {
		sum = sum.Add(v.Counts)
	}
	if sum != (DoneCounts{Posters: 15, Shelters: 3, Places: 2}) {
		t.Errorf("together %+v", sum)
	}
}
