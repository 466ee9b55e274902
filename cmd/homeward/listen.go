package main

import (
	"context"
	"errors"
	"os"

	"homeward/realtime"
)

// listenCommand is the partner's program.
type listenCommand struct {
	URL    string `name:"url" help:"Address of the installation." required:"" placeholder:"URL"`
	Token  string `help:"The organisation's key; better given as HOMEWARD_TOKEN than on the command line." required:"" placeholder:"KEY"`
	Cursor string `help:"File that keeps the place in the feed across restarts." placeholder:"FILE"`
}

// Exit codes of listen.
const (
	exitKeyEnded   = 3
	exitOutput     = 4
	exitCursorFile = 5
)

// Run listens until it is stopped.
func (l *listenCommand) Run(c *console, ctx context.Context) error {
	listener := realtime.Listener{URL: l.URL, Token: l.Token, CursorFile: l.Cursor, Out: c.out, Log: c.log}
	if f, ok := c.out.(*os.File); ok {
		listener.Out = synced{f}
	}
	err := listener.Run(ctx)
	switch {
	case errors.Is(err, realtime.ErrKeyEnded):
		return exitError{exitKeyEnded, err}
	case errors.Is(err, realtime.ErrOutput):
		return exitError{exitOutput, err}
	case errors.Is(err, realtime.ErrCursorFile):
		return exitError{exitCursorFile, err}
	}
	return err
}

// synced flushes a file after each line where it is one on disk, so that the
// cursor is never ahead of what was written.
type synced struct{ *os.File }

func (s synced) Write(b []byte) (int, error) {
	n, err := s.File.Write(b)
	if info, serr := s.File.Stat(); err == nil && serr == nil && info.Mode().IsRegular() {
		err = s.File.Sync()
	}
	return n, err
}
