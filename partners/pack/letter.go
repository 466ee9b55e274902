package pack

import (
	"slices"
	"strings"
)

// Facts are what is known, by key: a text in the language of the paper. A key
// that is missing is not known, or must stay here.
type Facts map[string]string

// Keys returns every key that a letter may name.
func Keys() []string {
	return []string{"author", "office", "case.number", "children.names", "children.list", "children.description", "children.languages",
		"wrongful.kind", "wrongful.date", "wrongful.from", "wrongful.to", "wrongful.travel", "taker.name", "whereabouts", "residence",
		"grounds.custody", "proceedings", "police", "last_seen", "log.date", "log.request", "log.reference", "instance.started",
		"instance.days", "documents.list"}
}

// Gap is what stands in a letter where a fact is missing.
const Gap = "……………"

// Text is a letter that is being written.
type Text struct {
	Subject, Body string
	// Missing are the keys that the letter names and that are not known.
	Missing []string
	// Used are the keys of facts that went in.
	Used []string
}

// Write puts facts into a letter. A line that begins with "? " is left out
// when one of its facts is missing; elsewhere a gap is left.
func (t *Template) Write(lang string, facts Facts) Text {
	out := Text{}
	out.Subject = out.fill(t.subject.In(lang), facts)
	var lines []string
	for line := range strings.SplitSeq(t.body.In(lang), "\n") {
		wanted, optional := strings.CutPrefix(line, "? ")
		if optional && slices.ContainsFunc(keysIn(wanted), func(k string) bool { return facts[k] == "" }) {
			out.miss(keysIn(wanted), facts)
			continue
		}
		if wanted == "" && len(lines) > 0 && lines[len(lines)-1] == "" {
			continue // what stood between two empty lines was left out
		}
		lines = append(lines, out.fill(wanted, facts))
	}
	out.Body = strings.TrimSpace(strings.Join(lines, "\n"))
	return out
}

func (t *Text) fill(line string, facts Facts) string {
	t.miss(keysIn(line), facts)
	for _, k := range keysIn(line) {
		value := facts[k]
		if value == "" {
			value = Gap
		} else if !slices.Contains(t.Used, k) {
			t.Used = append(t.Used, k)
		}
		line = strings.ReplaceAll(line, "{"+k+"}", value)
	}
	return line
}

func (t *Text) miss(keys []string, facts Facts) {
	for _, k := range keys {
		if facts[k] == "" && !slices.Contains(t.Missing, k) {
			t.Missing = append(t.Missing, k)
		}
	}
}

// keysIn returns the keys between braces, in order and once each.
func keysIn(text string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(text, "{")
		key, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return out
		}
		if !slices.Contains(out, key) {
			out = append(out, key)
		}
		text = after
	}
}
