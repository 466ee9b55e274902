package handon

import (
	"context"
	"errors"
)

// Errors after which no further try can help. The command line gives each its
// own exit code.
var (
	// ErrCommand says that the command cannot be started.
	ErrCommand = errors.New("the command cannot be started")
	// ErrWebhook says that the webhook's address or secret cannot be used, or
	// that the receiver wants no more.
	ErrWebhook = errors.New("the webhook cannot be used")
	// ErrForward says that the other installation refuses the token.
	ErrForward = errors.New("the other installation refuses the token")
)

// Frame is one frame of the feed that asks for something: an alert, a
// withdrawal, or a resync. Line is the frame as one line of JSON.
type Frame struct {
	Type string
	Line []byte
}

// Handler takes a frame further. It returns nil once the other side has it, one
// of the errors above when it never will, and any other error to be called
// again with the same frame.
type Handler interface {
	Hand(ctx context.Context, f Frame) error
}

// Final tells whether an error is one after which no further try can help.
func Final(err error) bool {
	return errors.Is(err, ErrCommand) || errors.Is(err, ErrWebhook) || errors.Is(err, ErrForward)
}
