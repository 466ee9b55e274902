package search

import "homeward/geo/script"

// trigramsOf is the runs of three bytes of a key, with a blank before it so
// that the first letter weighs more; each once.
func trigramsOf(key string) []string {
	padded := " " + key
	var out []string
	seen := map[string]bool{}
	for i := 0; i+3 <= len(padded); i++ {
		if t := padded[i : i+3]; !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}

// distance counts wrong, missing, added and exchanged neighbouring letters
// between two keys (optimal string alignment); limit+1 stands for more.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, last, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			wrong := 1
			if a[i-1] == b[j-1] {
				wrong = 0
			}
			next[j] = min(last[j]+1, next[j-1]+1, last[j-1]+wrong)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, last, next = last, next, before
	}
	return min(last[len(b)], limit+1)
}

// ToLatin is script.ToLatin, for callers that search and show names.
func ToLatin(s string) string { return script.ToLatin(s) }
