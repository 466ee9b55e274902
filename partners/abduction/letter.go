package abduction

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"text/template"
)

//go:embed letters
var letterFiles embed.FS

// LetterFacts are what a letter is filled with. Dates are written by Written;
// empty facts are left out of the letter.
type LetterFacts struct {
	// To is the addressee, About the institution that did not answer.
	To, About string
	// Asked is the institution that was asked, on AskedOn and by which Channel.
	Asked, AskedOn, Channel, Request, LegalBasis string
	TheirReference, OurReference                 string
	PromisedOn, PromisedBy                       string
	StatutoryOn, StatutorySource                 string
	// Late is by how many days the answer is late, Calls how many attempts were
	// not answered.
	Late, Calls int
	// Earlier are the steps that were taken before, one line each.
	Earlier []string
	// Due is the day that the letter asks for an answer by.
	Due          string
	Author, From string
}

// Letters are the templates of letters in English and in Serbian, in either
// script.
type Letters struct {
	by    map[string]*template.Template
	law   *Law
	latin func(string) string
}

// LetterLanguages returns the languages that letters can be written in.
func LetterLanguages() []string { return []string{"sr-Latn", "sr-Cyrl", "en"} }

// LoadLetters reads the embedded templates. Latin turns Serbian Cyrillic into
// Latin. It refuses a ladder with a letter that is not there in each language.
func LoadLetters(law *Law, d *Ladder, latin func(string) string) (*Letters, error) {
	l := &Letters{by: map[string]*template.Template{}, law: law, latin: latin}
	for _, lang := range LetterLanguages() {
		part, err := l.text("part", lang)
		if err != nil {
			return nil, err
		}
		base, err := template.New("part").Funcs(l.words(lang)).Option("missingkey=error").Parse(part)
		if err != nil {
			return nil, fmt.Errorf("letters, %s: %w", lang, err)
		}
		for _, r := range d.Rungs {
			text, err := l.text(r.Letter, lang)
			if err != nil {
				return nil, fmt.Errorf("rung %s: %w", r.ID, err)
			}
			t, err := template.Must(base.Clone()).New(r.Letter).Parse(text)
			if err != nil {
				return nil, fmt.Errorf("letter %s: %w", r.Letter, err)
			}
			l.by[r.Letter+" "+lang] = t
		}
	}
	return l, nil
}

// text reads a template. The Latin one is made of the Cyrillic one; the names in
// it are ASCII and stay.
func (l *Letters) text(name, lang string) (string, error) {
	file := "sr"
	if lang == "en" {
		file = "en"
	}
	b, err := fs.ReadFile(letterFiles, "letters/"+name+"."+file+".txt")
	if err != nil {
		return "", err
	}
	return l.in(lang, string(b)), nil
}

// in writes a Serbian text in the script of a language.
func (l *Letters) in(lang, text string) string {
	if lang == "sr-Latn" {
		return l.latin(text)
	}
	return text
}

// Write fills in a letter: its first line is the subject.
func (l *Letters) Write(name, lang string, f LetterFacts) (subject, body string, err error) {
	t := l.by[name+" "+lang]
	if t == nil {
		return "", "", fmt.Errorf("no letter %s in %s", name, lang)
	}
	var b strings.Builder
	if err := t.Execute(&b, f); err != nil {
		return "", "", fmt.Errorf("write letter %s: %w", name, err)
	}
	subject, body, _ = strings.Cut(b.String(), "\n")
	for strings.Contains(body, "\n\n\n") {
		body = strings.ReplaceAll(body, "\n\n\n", "\n\n")
	}
	return strings.TrimSpace(subject), strings.TrimSpace(body), nil
}

// Next is the next step after a letter, in its language.
func (l *Letters) Next(lang string) (string, error) {
	text, err := l.text("next", lang)
	return strings.TrimSpace(text), err
}

// Written writes a day as letters do: 21. 11. 2026. or 21 November 2026.
func (d Date) Written(lang string) string {
	if d.IsZero() {
		return ""
	}
	if lang == "en" {
		return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year)
	}
	return fmt.Sprintf("%d. %d. %d.", d.Day, d.Month, d.Year)
}

// Cite names the source of a deadline rule in a letter.
func (l *Letters) Cite(rule, lang string) string {
	for i := range l.law.DeadlineRules {
		r := &l.law.DeadlineRules[i]
		switch {
		case r.ID != rule:
		case lang == "en":
			return r.Source
		default:
			return l.in(lang, SerbianSource(r.Source))
		}
	}
	return ""
}

// words are the counted nouns of a language.
func (l *Letters) words(lang string) template.FuncMap {
	counted := func(one, few, many string) func(int) string {
		return func(n int) string {
			return strconv.Itoa(n) + " " + plural(lang, n, l.in(lang, one), l.in(lang, few), l.in(lang, many))
		}
	}
	if lang == "en" {
		return template.FuncMap{"days": counted("day", "days", "days"), "calls": counted("call", "calls", "calls")}
	}
	return template.FuncMap{"days": counted("дан", "дана", "дана"), "calls": counted("позив", "позива", "позива")}
}

func plural(lang string, n int, one, few, many string) string {
	tens, ones := n%100, n%10
	switch {
	case lang == "en" && n == 1, lang != "en" && ones == 1 && tens != 11:
		return one
	case lang != "en" && ones >= 2 && ones <= 4 && (tens < 12 || tens > 14):
		return few
	}
	return many
}
