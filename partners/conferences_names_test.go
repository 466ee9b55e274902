package partners

import "testing"

func TestNamesThatWereNotGivenAreLeftOutOfATextInAnyCase(t *testing.T) {
	t.Parallel()
	names := []string{"Ana", "Petar Đorđević", "Милица"}
	for text, want := range map[string]string{
		"Ana, Ane, Ani, Anu, Anom, Anina": "…, …, …, …, …, …", "Ana's sister": "…'s sister",
		"Petar, Petra, Petru, Petrom, Petrov": "…, …, …, …, …", "Đorđević, Djordjevića, ЂОРЂЕВИЋУ": "…, …, …",
		"Милице и Milici, Miličin brat": "… и …, … brat",
		// What only begins like a name stays.
		"An analysis and another day": "An analysis and another day", "Petroleum": "Petroleum", "": "", "12 a 3": "12 a 3",
	} {
		if got, less := withoutNames(text, names); got != want || less != (text != want) {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
	if got, less := withoutNames("Ana", nil); got != "Ana" || less {
		t.Errorf("without names: %q", got)
	}
}
