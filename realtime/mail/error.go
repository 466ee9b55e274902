package mail

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"

	smtp "github.com/wneessen/go-mail"
)

// Error says why a message was not sent. It holds no address and nothing that
// the server wrote besides its numbers, so that it may be logged and shown.
type Error struct {
	// Stage is what was being done: compose, set up, connect, sign in, send.
	Stage string
	// Temporary says that another try can help.
	Temporary bool
	// Code is the server's reply, such as 550, or 0 when it gave none.
	Code int
	// Detail is its enhanced status, such as 5.1.1, or empty.
	Detail string
	// Err is the cause, where it holds nothing of the message.
	Err error
}

// Error returns the stage, the server's numbers and the cause.
func (e *Error) Error() string {
	s := "mail: " + e.Stage
	if e.Code != 0 {
		s += fmt.Sprintf(": the server answered %d", e.Code)
	}
	if e.Detail != "" {
		s += " " + e.Detail
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// IsTemporary tells whether sending again can help. What is not known is.
func IsTemporary(err error) bool {
	var e *Error
	return !errors.As(err, &e) || e.Temporary
}

// dialError is for what went wrong before the message. All of it can be mended
// without touching the message: a server that is away, a certificate, a
// password.
func dialError(ctx context.Context, err error) *Error {
	out := &Error{Stage: "connect", Temporary: true, Code: replyCode(err), Err: err}
	if out.Code != 0 {
		// The rest of a reply is the server's own words, which may repeat ours.
		out.Stage, out.Err = "sign in", nil
	}
	if ctx.Err() != nil {
		out.Err = ctx.Err()
	}
	return out
}

func sendError(ctx context.Context, err error) *Error {
	out := &Error{Stage: "send", Temporary: true}
	var sent *smtp.SendError
	if errors.As(err, &sent) {
		out.Code, out.Detail = sent.ErrorCode(), sent.EnhancedStatusCode()
		out.Temporary = out.Code < 500
	}
	if ctx.Err() != nil {
		out.Err = ctx.Err()
	} else if out.Code == 0 {
		out.Err = errors.New("the connection broke before the server answered")
	}
	return out
}

// replyCode is the number in a server's reply, or 0.
func replyCode(err error) int {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return reply.Code
	}
	return 0
}
