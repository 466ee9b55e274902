package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"homeward/geo/script"
)

// Texts are kept per area in locales/AREA.en.json and locales/AREA.sr-Cyrl.json.
// Serbian Latin is made from Serbian Cyrillic, which is exact in that direction;
// locales/latin.json names the few words that must not be changed.
//
//go:embed locales
var localeFiles embed.FS

// The languages of the interface, in the order they are offered.
const (
	English         = "en"
	SerbianLatin    = "sr-Latn"
	SerbianCyrillic = "sr-Cyrl"
)

func languages() []string { return []string{SerbianLatin, SerbianCyrillic, English} }

// languageCookie remembers a choice.
const languageCookie = "homeward_language"

type texts struct {
	bundle  *i18n.Bundle
	matcher language.Matcher
	by      map[string]*i18n.Localizer
	// keys are all message ids, for the completeness check.
	keys map[string][]string
}

func loadTexts() (*texts, error) {
	t := &texts{bundle: i18n.NewBundle(language.English), by: map[string]*i18n.Localizer{}, keys: map[string][]string{}}
	files, err := fs.Glob(localeFiles, "locales/*.*.json")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := t.load(f); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
	}
	// "sr" alone is answered in Cyrillic by the standard; "cnr" (Montenegrin),
	// "sh" and "bs" readers are served Serbian Latin rather than English.
	tags := []language.Tag{language.English, language.MustParse(SerbianLatin), language.MustParse(SerbianCyrillic)}
	t.matcher = language.NewMatcher(tags)
	for _, l := range languages() {
		t.by[l] = i18n.NewLocalizer(t.bundle, l)
	}
	return t, nil
}

func (t *texts) load(file string) error {
	b, err := localeFiles.ReadFile(file)
	if err != nil {
		return err
	}
	lang := strings.Split(path.Base(file), ".")[1]
	messages := map[string]json.RawMessage{}
	if err := json.Unmarshal(b, &messages); err != nil {
		return err
	}
	for k := range messages {
		t.keys[lang] = append(t.keys[lang], k)
	}
	if _, err := t.bundle.ParseMessageFileBytes(b, lang+".json"); err != nil {
		return err
	}
	if lang != SerbianCyrillic {
		return nil
	}
	latin, err := latinMessages(b)
	if err != nil {
		return err
	}
	for k := range messages {
		t.keys[SerbianLatin] = append(t.keys[SerbianLatin], k)
	}
	_, err = t.bundle.ParseMessageFileBytes(latin, SerbianLatin+".json")
	return err
}

// latinMessages turns a Serbian Cyrillic message file into Latin. Placeholders
// are Latin already, so the letter by letter change leaves them as they are.
func latinMessages(b []byte) ([]byte, error) {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return nil, err
	}
	var walk func(any) any
	walk = func(v any) any {
		switch x := v.(type) {
		case string:
			return script.ToLatin(x)
		case map[string]any:
			for k, e := range x {
				x[k] = walk(e)
			}
		}
		return v
	}
	return json.Marshal(walk(v))
}

// text returns a message in a language. A key that is in no catalogue comes
// back as itself; the tests find it.
func (t *texts) text(lang, key string, data map[string]any, count any) string {
	l, ok := t.by[lang]
	if !ok {
		l = t.by[English]
	}
	out, err := l.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data, PluralCount: count})
	if err != nil && out == "" {
		return key
	}
	return out
}

// has tells whether a language has a message.
func (t *texts) has(lang, key string) bool { return slices.Contains(t.keys[lang], key) }

// languageOf returns the reader's language: as chosen in the address, as
// remembered, or the best match of what the browser asks for.
func (t *texts) languageOf(c *fiber.Ctx) string {
	for _, l := range []string{c.Query("lang"), c.Cookies(languageCookie)} {
		if slices.Contains(languages(), l) {
			return l
		}
	}
	wanted, _, err := language.ParseAcceptLanguage(c.Get(fiber.HeaderAcceptLanguage))
	if err != nil {
		return English
	}
	for i, w := range wanted {
		if base, _ := w.Base(); base.String() == "cnr" || base.String() == "sh" || base.String() == "bs" {
			wanted[i] = language.MustParse(SerbianLatin)
		}
	}
	_, i, _ := t.matcher.Match(wanted...)
	return []string{English, SerbianLatin, SerbianCyrillic}[i]
}
