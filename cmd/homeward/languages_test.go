package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/web"
)

// browsing asks for pages as a browser without script does.
type browsing struct {
	tb     testing.TB
	home   string
	client *http.Client
}

// enter signs in with a code of the demonstration.
func (n *node) enter(t testing.TB, code string) *browsing {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &browsing{t, n.address, &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if code == "" {
		return r
	}
	answer, err := r.client.PostForm(n.address+"/sign-in", url.Values{"code": {code}})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		b, _ := io.ReadAll(answer.Body)
		t.Fatalf("signing in: %d %s", answer.StatusCode, b)
	}
	return r
}

func (r *browsing) page(address string) (int, string) {
	r.tb.Helper()
	answer, err := r.client.Get(r.home + address)
	if err != nil {
		r.tb.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		r.tb.Fatal(err)
	}
	return answer.StatusCode, string(b)
}

var (
	// unread are parts of a page that nobody reads, or that are somebody's own
	// words: names stand in bdi, what people wrote in another language has lang.
	unread = regexp.MustCompile(`(?s)<(script|style|textarea|code|bdi|kbd|q|option)\b[^>]*>.*?</(script|style|textarea|code|bdi|kbd|q|option)>|<!--.*?-->`)
	tag    = regexp.MustCompile(`<[^>]*>`)
	// said are the parts of a page whose words are ours, beside names of things.
	said = regexp.MustCompile(`(?s)<(label|legend|th scope="col"|button)\b[^>]*>(.*?)</(label|legend|th|button)>`)
	// key is what a text that is in no catalogue shows itself as.
	key = regexp.MustCompile(`^[a-z][a-z_]*(\.[a-z_0-9]+)+$`)
	// both is a word with letters of two scripts in it, which looks right and is
	// read out, searched and sorted wrongly.
	both = regexp.MustCompile(`\p{Cyrillic}+[A-Za-zČĆŠŽĐčćšžđ]|[A-Za-zČĆŠŽĐčćšžđ]+\p{Cyrillic}`)
	// roman are figures such as those of the Brussels IIb Regulation.
	roman = regexp.MustCompile(`[IVX]+[а-я]`)
	// english are words that hardly any English text of an interface does without,
	// and that no Serbian text has.
	english = regexp.MustCompile(`(?i)\b(the|of|and|for|with|from|this|that|not|name|first|last|date|time|save|send|show|hide|more|your|you|who|what|where|when|which|yes|new|add|take|give|by)\b`)
)

func words(part string) string {
	return strings.Join(strings.Fields(tag.ReplaceAllString(unread.ReplaceAllString(part, " "), " ")), " ")
}

// amiss tells what is wrong with a page in a language.
func amiss(body, lang string) (out []string) {
	if !strings.Contains(body, `<html lang="`+lang+`"`) {
		out = append(out, "is not in "+lang)
	}
	_, main, found := strings.Cut(body, "<body")
	if !found {
		return append(out, "has no body")
	}
	for _, text := range strings.Split(tag.ReplaceAllString(unread.ReplaceAllString("<body"+main, "\n"), "\n"), "\n") {
		text = strings.TrimSpace(text)
		if key.MatchString(text) && !strings.Contains(text, "example.") && !strings.HasSuffix(text, ".xml") {
			out = append(out, "shows the key "+text)
		}
		if both.MatchString(roman.ReplaceAllString(text, "")) {
			out = append(out, fmt.Sprintf("mixes scripts in a word of %q", text))
		}
	}
	if lang == web.English {
		return out
	}
	for _, m := range said.FindAllStringSubmatch(main, -1) {
		text := words(m[2])
		if english.MatchString(text) {
			out = append(out, fmt.Sprintf("says %q in English", text))
		}
	}
	return out
}

// firstOf is the first of some records that has such a page.
func (r *browsing) firstOf(n *node, pattern string) []string {
	before, after, found := strings.Cut(pattern, ":")
	if !found {
		return []string{pattern}
	}
	_, after, _ = strings.Cut(after, "/")
	after = strings.NewReplacer("/:n", "/1", "/:section", "/people", "/:step", "/report").Replace("/" + after)[1:]
	var out []string
	for _, kind := range n.records(pattern) {
		for _, id := range kind {
			address := strings.TrimSuffix(before+id+"/"+after, "/")
			if status, _ := r.page(address); status == http.StatusOK {
				out = append(out, address)
				break
			}
		}
	}
	return out
}

// TestEveryPageInEveryLanguage asks for each page of the demonstration in each
// language, without a browser: in the right one, with every text there, and in
// one script.
func TestEveryPageInEveryLanguage(t *testing.T) {
	t.Parallel()
	n, codes := startDemo(t)
	looked := 0
	for role, patterns := range pages(t, n.w.desk.Matrix) {
		r := n.enter(t, codes[role])
		slices.Sort(patterns)
		for _, pattern := range patterns {
			for _, address := range r.firstOf(n, pattern) {
				for _, lang := range tongues() {
					status, body := r.page(address + "?lang=" + lang)
					if status != http.StatusOK && address != "/partner/link/alert" {
						t.Errorf("%s in %s as %s: %d", address, lang, role, status)
						continue
					}
					looked++
					for _, w := range amiss(body, lang) {
						t.Errorf("%s (%s) %s", pattern, lang, w)
					}
				}
			}
		}
	}
	if looked < 3*len(readers()) {
		t.Errorf("%d pages were looked at", looked)
	}
}

// TestAPageThatIsAmissIsNoticed is the control.
func TestAPageThatIsAmissIsNoticed(t *testing.T) {
	t.Parallel()
	right := `<html lang="sr-Cyrl"><body><label>Име</label><th>ISO 3166</th><p><bdi>Pera Perić</bdi></p><button>Сачувај <kbd>r</kbd></button></body>`
	if wrong := amiss(right, web.SerbianCyrillic); len(wrong) > 0 {
		t.Error(wrong)
	}
	for page, want := range map[string]string{
		`<html lang="en"><body></body>`:                                 "is not in",
		`<html lang="sr-Cyrl"><body><p>case.title</p></body>`:           "shows the key",
		`<html lang="sr-Cyrl"><body><p>Дeте</p></body>`:                 "mixes scripts",
		`<html lang="sr-Cyrl"><body><label>First name</label></body>`:   "in English",
		`<html lang="sr-Latn"><body><button>Save</button></body>`:       "in English",
		`<html lang="sr-Latn"><body><bdi>Пера</bdi><p>a.b_c</p></body>`: "shows the key",
		`<html lang="sr-Cyrl"><body><legend>More <b>of it</b></legend>`: "in English",
	} {
		lang := web.SerbianCyrillic
		if strings.Contains(page, "sr-Latn") {
			lang = web.SerbianLatin
		}
		if got := strings.Join(amiss(page, lang), "\n"); !strings.Contains(got, want) {
			t.Errorf("%s: %q", page, got)
		}
	}
}
