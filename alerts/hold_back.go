package alerts

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"homeward/geo/script"
)

// heldWord is how many letters a word has that counts as part of a hold-back
// detail.
const heldWord = 4

// revisionWarnings are what somebody should look at again before a release.
func revisionWarnings(r *Revision, c *Case) []FieldError {
	var f Fields
	for _, field := range HeldBackIn(r, c) {
		f.Add(field, "gives_away", "This seems to tell the detail that is held back.")
	}
	return f
}

// HeldBackIn returns the places in what would be published that give the
// hold-back detail away: the detail itself, or every longer word of it, in
// whatever script. It is a warning for people and judges nothing: words may
// stand together by chance, and a detail can be told in other words.
func HeldBackIn(r *Revision, c *Case) []string {
	var out []string
	look := func(field, text string) {
		if givesAway(r.HoldBack, text) {
			out = append(out, field)
		}
	}
	for _, t := range r.Texts {
		at := "texts." + t.Language
		look(at+".headline", t.Headline)
		look(at+".description", t.Description)
		look(at+".instruction", t.Instruction)
	}
	for i := range c.Children {
		d, at := c.Children[i].Description, fmt.Sprintf("children[%d].description.", i)
		for _, part := range []struct{ name, text string }{
			{"build", d.Build}, {"hair", d.Hair}, {"eyes", d.Eyes}, {"marks", d.Marks}, {"clothing", d.Clothing}, {"other", d.Other},
		} {
			look(at+part.name, part.text)
		}
	}
	return out
}

// givesAway tells whether a text tells a detail: the whole of it, or every
// longer word of it, in whatever script.
func givesAway(detail, text string) bool {
	whole := script.Fold(detail)
	if whole == "" {
		return false
	}
	folded := " " + script.Fold(text) + " "
	if strings.Contains(folded, " "+whole+" ") {
		return true
	}
	words := slices.DeleteFunc(strings.Fields(whole), func(w string) bool { return utf8.RuneCountInString(w) < heldWord })
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(folded, " "+w) })
}
