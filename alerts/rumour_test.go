package alerts

import (
	"slices"
	"testing"
	"time"
)

func TestLinksHaveOneForm(t *testing.T) {
	t.Parallel()
	want := "example.org/post/1?a=2"
	for _, l := range []string{
		"https://www.example.org/post/1/?a=2&utm_source=x&fbclid=y#top", "http://EXAMPLE.org/post/1?a=2", "example.org/post/1?a=2&si=3", " https://example.org:443/post/1?a=2 ",
	} {
		if got, ok := NormalLink(l); !ok || got != want {
			t.Errorf("%s is %q", l, got)
		}
	}
	for _, l := range []string{"", "javascript:alert(1)", "ftp://example.org/x", "no link", "https://localhost/x", "%"} {
		if got, ok := NormalLink(l); ok {
			t.Errorf("%s is taken as %q", l, got)
		}
	}
}

func aRumour() NewRumour {
	return NewRumour{
		Verdict: "old", Since: "2031-03-01", Links: []string{"https://www.example.org/post/1?fbclid=x"},
		Files: []string{"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
		Texts: map[string]DraftText{"en": {Headline: "A girl in a red dress, taken by a white van", Description: "This goes round since 2019. Please do not pass it on."}},
	}
}

func TestRumourFields(t *testing.T) {
	t.Parallel()
	now := time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC)
	if _, f := func() (Rumour, Fields) { in := aRumour(); return in.rumour(now) }(); f.Err() != nil {
		t.Fatal(f.Err())
	}
	number := NewCaseNumber(&counting{})
	for !containsDigit(number) {
		number = NewCaseNumber(&counting{})
	}
	for field, spoil := range map[string]func(*NewRumour){
		"verdict": func(r *NewRumour) { r.Verdict = "true" },
		"since":   func(r *NewRumour) { r.Since = "2031-03-09" },
		"texts":   func(r *NewRumour) { r.Texts = nil },
		"links":   func(r *NewRumour) { r.Links = []string{"javascript:x"} },
		"files":   func(r *NewRumour) { r.Files = []string{"abc"} },
		"texts.en.description": func(r *NewRumour) {
			r.Texts["en"] = DraftText{Headline: "h", Description: "it is case " + number + "."}
		},
	} {
		in := aRumour()
		spoil(&in)
		_, f := in.rumour(now)
		if !slices.ContainsFunc(f, func(e FieldError) bool { return e.Field == field }) {
			t.Errorf("%s is not named: %+v", field, f)
		}
	}
}

func containsDigit(s string) bool {
	return slices.ContainsFunc([]rune(s), func(r rune) bool { return r >= '0' && r <= '9' })
}

// counting gives other bytes each time.
type counting struct{ n byte }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		c.n += 37
		p[i] = c.n
	}
	return len(p), nil
}
