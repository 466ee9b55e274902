package alerts

import (
	"errors"
	"fmt"
	"strings"
)

// Code says what kind of error it is, for machines; each surface maps it to its
// own status in one table.
type Code string

// The codes. Any error without one is internal: the visitor sees a plain
// sentence and the log the cause.
const (
	Malformed       Code = "malformed"
	Invalid         Code = "invalid"
	Unauthenticated Code = "unauthenticated"
	Forbidden       Code = "forbidden"
	NotFound        Code = "not_found"
	Conflict        Code = "conflict"
	Stale           Code = "stale"
	NeedsVersion    Code = "needs_version"
	RequestReused   Code = "request_reused"
	Gone            Code = "gone"
	TooMany         Code = "too_many"
	TooLarge        Code = "too_large"
	Full            Code = "full"
	Unavailable     Code = "unavailable"
	OutcomeUnknown  Code = "outcome_unknown"
)

// FieldError is one wrong field. Field is its path as the caller wrote it, such
// as "children[0].birth_date"; Code is stable and names the catalogue entry
// "field.CODE"; Message is plain English.
type FieldError struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Error is an error with a code for machines, a sentence for people, the wrong
// fields, all at once, and a cause for the log.
type Error struct {
	Code    Code
	Message string
	Fields  []FieldError
	Err     error
}

// Error returns the sentence, the fields by name and the cause; it is for logs
// and never holds what somebody typed.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for i, f := range e.Fields {
		if i == 0 {
			b.WriteString(": ")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(f.Field + " " + f.Code)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an error with a code and a sentence for people.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// CodeOf returns the code of err, or "" for an internal one.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Fields collects wrong fields, so that a person gets every fault in one answer.
type Fields []FieldError

// Add notes a wrong field.
func (f *Fields) Add(field, code, message string) {
	*f = append(*f, FieldError{field, code, message})
}

// Err returns nil when nothing is wrong, else one Invalid error with all fields.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Message: "Some fields need another look.", Fields: f}
}
