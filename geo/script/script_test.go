package script

import (
	"os/exec"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestToLatin(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"Љубица": "Ljubica", "Љ.": "Lj.", "Љ": "Lj", "ЊЕГОШ": "NJEGOŠ", "КРАЉ": "KRALJ", "Џон": "Džon", "ЏОН": "DŽON",
		"Ђорђевић": "Đorđević", "Чачак": "Čačak", "Аранђеловац": "Aranđelovac", "надживети": "nadživeti",
		"инјекција": "injekcija", "Танјуг": "Tanjug", "ЉИГ и Љиг": "LJIG i Ljig", "Београд 11000": "Beograd 11000",
		"already Latin đ": "already Latin đ", "": "", "Љ Љ": "Lj Lj", "Ђ": "Đ",
		"абвгдђежзијклљмнњопрстћуфхцчџш": "abvgdđežzijklljmnnjoprstćufhcčdžš",
	} {
		if got := ToLatin(from); got != want {
			t.Errorf("%s: %s, want %s", from, got, want)
		}
	}
}

func TestToCyrillic(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"Ljubica": "Љубица", "NJEGOŠ": "ЊЕГОШ", "Džep": "Џеп", "Odžaci": "Оџаци", "Nadžak-beg": "Наџак-бег",
		"nadživeti": "надживети", "Nadživeo": "Надживео", "injekcija": "инјекција", "konjugacija": "конјугација",
		"konjunkcija": "конјункција", "Tanjug": "Танјуг", "TANJUG": "ТАНЈУГ", "podžanr": "поджанр", "odžaliti": "оджалити",
		"ǆep": "џеп", "Ǉig": "Љиг", "Konjic": "Коњиц", "Inđija": "Инђија", "Injija": "Ињија",
		"New York": "New York", "Novi Sad, West": "Нови Сад, West", "Győr": "Győr", "": "", "Vrnjačka Banja": "Врњачка Бања",
	} {
		if got := ToCyrillic(from); got != want {
			t.Errorf("%s: %s, want %s", from, got, want)
		}
	}
}

// recode-sr-latin of GNU gettext is written by others and says the same.
func TestToLatinAgainstGettext(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("recode-sr-latin")
	if err != nil {
		t.Log("recode-sr-latin is not installed: the table above stands alone")
		return
	}
	text := "Љубавни ЊЕГОШ џак ЏАК Џак Ђак Чачка Ћуприја Шабац Њ. ЉУБАВ Краљ КРАЉ фијакер хуј цеп"
	cmd := exec.Command(path)
	cmd.Stdin = strings.NewReader(text)
	want, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := ToLatin(text); got != string(want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A Cyrillic word comes back unless it holds two letters that look like one.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	letters := []rune("абвгдђежзијклљмнњопрстћуфхцчџш")
	rapid.Check(t, func(t *rapid.T) {
		word := string(rapid.SliceOf(rapid.SampledFrom(letters)).Draw(t, "word"))
		for _, pair := range []string{"лј", "нј", "дж"} {
			if strings.Contains(word, pair) {
				return
			}
		}
		if latin := ToLatin(word); len(breaksIn(latin)) == 0 && ToCyrillic(latin) != word {
			t.Fatalf("%s became %s", word, ToCyrillic(latin))
		}
	})
}

func TestFold(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"Ђорђевић": "djordjevic", "Đorđević": "djordjevic", "Djordjević": "djordjevic", "  Novi   Sad ": "novi sad",
		"Сремска-Митровица": "sremska mitrovica", "Џеп": "dzep", "ǆep": "dzep", "Ðurđevo": "djurdjevo",
		"Timişoara": "timisoara", "Łódź": "lodz", "İzmir": "izmir", "Straße": "strasse", "O'Brien": "obrien",
		"Ѓорче Петров": "djorce petrov", "Търново": "trnovo", "Йорданка": "jordanka", "ﬁ": "fi", "Ａ": "a", "…": "", "": "",
	} {
		if got := Fold(from); got != want {
			t.Errorf("%q: %q, want %q", from, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		key := Fold(rapid.String().Draw(t, "s"))
		if Fold(key) != key || strings.TrimSpace(key) != key {
			t.Fatalf("%q folds again to %q", key, Fold(key))
		}
	})
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Đorđević", "Djordjevic", "Ђорђевић"} {
		if keys := Keys(name); len(keys) != 2 || keys[1] != "dordevic" || keys[0] != Fold(name) {
			t.Errorf("%s: %v", name, keys)
		}
	}
	if keys := Keys("Dordevic"); len(keys) != 1 || keys[0] != "dordevic" {
		t.Errorf("%v", keys)
	}
}
