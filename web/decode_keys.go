package web

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// manyKeys is how many keys of one object are compared with each other.
const manyKeys = 64

// plainKeys returns all keys of a body in which there is nothing to find fault
// with, as nearly every body is. Where it is not sure, checkJSON looks again and
// says what is wrong.
func plainKeys(body []byte) (keys []string, ok bool) {
	if !json.Valid(body) {
		return nil, false
	}
	type level struct {
		object bool
		seen   []string
	}
	var stack []level
	key := false // the next string is a key
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '{', '[':
			if len(stack) == jsonDepth {
				return nil, false
			}
			key = body[i] == '{'
			stack = append(stack, level{object: key})
		case '}', ']':
			stack = stack[:len(stack)-1]
			key = false
		case ',':
			key = stack[len(stack)-1].object
		case '"':
			from := i + 1
			if i = endOfString(body, from); !key {
				continue
			}
			key = false
			k, top := string(body[from:i]), &stack[len(stack)-1]
			if strings.ContainsRune(k, '\\') || len(top.seen) == manyKeys || containsFold(top.seen, k) {
				return nil, false
			}
			top.seen, keys = append(top.seen, k), append(keys, k)
		}
	}
	return keys, true
}

// endOfString is where the string that starts at from ends, in valid JSON.
func endOfString(body []byte, from int) int {
	for i := from; ; i++ {
		i += bytes.IndexAny(body[i:], `"\`)
		if body[i] == '"' {
			return i
		}
		i++ // what is escaped
	}
}

func containsFold(some []string, one string) bool {
	for _, s := range some {
		if strings.EqualFold(s, one) {
			return true
		}
	}
	return false
}

// shelfOfNames keeps the names of the types that bodies are read into.
type shelfOfNames struct{ known sync.Map }

// of returns the names of a type, nil where names alone do not tell.
func (s *shelfOfNames) of(t reflect.Type) names {
	if n, ok := s.known.Load(t); ok {
		return n.(names)
	}
	n := namesOf(t)
	s.known.Store(t, n)
	return n
}
