package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/partners"
)

// catalogue reads one message file: texts by key and plural form.
func catalogue(t *testing.T, file string) map[string]map[string]string {
	t.Helper()
	b, err := localeFiles.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	out := map[string]map[string]string{}
	for k, v := range raw {
		switch x := v.(type) {
		case string:
			out[k] = map[string]string{"": x}
		case map[string]any:
			out[k] = map[string]string{}
			for form, text := range x {
				out[k][form] = fmt.Sprint(text)
			}
		}
	}
	return out
}

func TestCataloguesHoldTheSameKeysPluralsAndPlaceholders(t *testing.T) {
	t.Parallel()
	english, err := fs.Glob(localeFiles, "locales/*.en.json")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	holes := regexp.MustCompile(`\{\{\.\w+\}\}|\{[a-z]+\}`)
	for _, file := range english {
		en := catalogue(t, file)
		sr := catalogue(t, strings.Replace(file, ".en.", ".sr-Cyrl.", 1))
		for _, k := range slices.Sorted(maps.Keys(en)) {
			if other, ok := seen[k]; ok {
				t.Errorf("%s stands in %s and in %s", k, other, file)
			}
			seen[k] = file
			if sr[k] == nil {
				t.Errorf("%s: %s is not in sr-Cyrl", file, k)
				continue
			}
			checkForms(t, k, en[k], sr[k])
			for _, text := range append(slices.Collect(maps.Values(en[k])), slices.Collect(maps.Values(sr[k]))...) {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: an empty text", k)
				}
				if a, b := holesIn(holes, en[k]["other"]+en[k][""]), holesIn(holes, text); !slices.Equal(a, b) && en[k][""] != "" {
					t.Errorf("%s: placeholders %v and %v", k, a, b)
				}
			}
		}
		for k := range sr {
			if en[k] == nil {
				t.Errorf("%s: %s is only in sr-Cyrl", file, k)
			}
		}
	}
}

func checkForms(t *testing.T, key string, en, sr map[string]string) {
	t.Helper()
	forms := func(m map[string]string) string { return strings.Join(slices.Sorted(maps.Keys(m)), " ") }
	switch e, s := forms(en), forms(sr); {
	case e == "" && s == "":
	case e != "one other" || s != "few one other":
		t.Errorf("%s: plural forms %q in en and %q in sr-Cyrl", key, e, s)
	}
}

func holesIn(re *regexp.Regexp, text string) []string {
	found := re.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// usedKeys finds the keys of texts in templates and in our own Go files.
func usedKeys(t *testing.T) map[string]string {
	t.Helper()
	used := map[string]string{}
	find := func(file string, source []byte, re *regexp.Regexp) {
		for _, m := range re.FindAllSubmatch(source, -1) {
			used[string(m[1])] = file
		}
	}
	templates, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	inTemplate := regexp.MustCompile(`\.(?:T|N) "([^"]+)"`)
	for _, f := range templates {
		b, err := templateFiles.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		find(f, b, inTemplate)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	inGo := regexp.MustCompile(`\.(?:T|N)\("([a-z][^"]*)"[,)]`)
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		find(f, b, inGo)
	}
	return used
}

func TestEveryTextThatIsUsedExists(t *testing.T) {
	t.Parallel()
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	used := usedKeys(t)
	if len(used) < 200 {
		t.Fatalf("only %d keys were found", len(used))
	}
	for _, k := range slices.Sorted(maps.Keys(used)) {
		lacking := slices.DeleteFunc(languages(), func(l string) bool { return texts.has(l, k) })
		if len(lacking) > 0 {
			t.Errorf("%s uses %s, which is not in %v", used[k], k, lacking)
		}
	}
}

func TestEveryValueOfAFixedListHasAWord(t *testing.T) {
	t.Parallel()
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	lists := map[string]any{
		"state": alerts.States(), "category": alerts.Categories(), "sex": alerts.Sexes(), "name_kind": alerts.NameKinds(),
		"role": alerts.Roles(), "sighting_state": alerts.SightingStates(), "channel": append(alerts.Channels(), "public_form"),
		"outcome": alerts.Outcomes(), "class": alerts.Classes(), "risk": alerts.RiskGrades(), "sure": alerts.Sures(),
		"consent_basis": alerts.ConsentBases(), "audience": alerts.Audiences(),
		"level":         []alerts.Level{alerts.LevelInternal, alerts.LevelPartner, alerts.LevelPublicAppeal, alerts.LevelNationalMirror},
		"alert_state":   []alerts.AlertState{alerts.AlertDraft, alerts.AlertLive, alerts.AlertCancelled, alerts.AlertExpired},
		"kind":          []alerts.Kind{alerts.KindPerson, alerts.KindService, alerts.KindPartner, alerts.KindPublic, alerts.KindSystem},
		"partner_state": []partners.PartnerState{partners.PartnerPending, partners.PartnerApproved, partners.PartnerSuspended, partners.PartnerEnded},
		"delivery": []partners.DeliveryState{partners.DeliveryWaiting, partners.DeliverySent, partners.DeliveryReceived, partners.DeliveryOpened,
			partners.DeliveryAccepted, partners.DeliveryDeclined, partners.DeliveryQuestion, partners.DeliveryDone, partners.DeliveryRemoved},
	}
	for group, list := range lists {
		for _, v := range plainList(list) {
			if !texts.has(SerbianLatin, group+"."+v) || !texts.has(English, group+"."+v) {
				t.Errorf("%s.%s has no word", group, v)
			}
		}
	}
	for key := range badges() {
		if !texts.has(English, key) {
			t.Errorf("the badge %s has no word", key)
		}
	}
}

// TestEveryFieldErrorHasAText reads the rules' own sources: a code without a
// text would be shown in English to everybody.
func TestEveryFieldErrorHasAText(t *testing.T) {
	t.Parallel()
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	added := regexp.MustCompile(`\.Add\([^\n]*?, "([a-z_]+)", (?:"[A-Z]|fmt|message)`)
	judged := regexp.MustCompile(`return "([a-z_]+)", "[A-Z]`)
	built := regexp.MustCompile(`FieldError\{[^\n}]*Code: "([a-z_]+)"`)
	problems := regexp.MustCompile(`case "([a-z_]+)":\n\t\treturn "`)
	codes := map[string]string{}
	for _, pattern := range []string{"../alerts/*.go", "../partners/*.go", "../geo/sentence.go", "*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			for _, pattern := range []*regexp.Regexp{added, judged, built} {
				for _, m := range pattern.FindAllSubmatch(b, -1) {
					codes[string(m[1])] = f
				}
			}
			if strings.HasSuffix(f, "sentence.go") {
				for _, m := range problems.FindAllSubmatch(b, -1) {
					codes[string(m[1])] = f
				}
			}
		}
	}
	if len(codes) < 40 {
		t.Fatalf("only %d codes were found", len(codes))
	}
	for code, file := range codes {
		if !texts.has(English, "field."+code) {
			t.Errorf("%s: the code %s has no text", file, code)
		}
	}
}

func TestSerbianPluralsAndScripts(t *testing.T) {
	t.Parallel()
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang  string
		count int
		want  string
	}{
		{SerbianLatin, 1, "pre 1 dan"}, {SerbianLatin, 3, "pre 3 dana"}, {SerbianLatin, 11, "pre 11 dana"}, {SerbianLatin, 21, "pre 21 dan"},
		{SerbianCyrillic, 2, "пре 2 дана"}, {English, 1, "1 day ago"}, {English, 2, "2 days ago"},
	} {
		if got := texts.text(c.lang, "ago.days", map[string]any{"Count": c.count}, c.count); got != c.want {
			t.Errorf("%s %d: %q, want %q", c.lang, c.count, got, c.want)
		}
	}
}
