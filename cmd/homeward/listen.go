package main

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"homeward/realtime"
	"homeward/realtime/handon"
)

// listenCommand is the partner's program.
type listenCommand struct {
	URL    string `name:"url" help:"Address of the installation." required:"" placeholder:"URL"`
	Token  string `help:"The organisation's key; better given as HOMEWARD_TOKEN than on the command line." required:"" placeholder:"KEY"`
	Cursor string `help:"File that keeps the place in the feed across restarts." placeholder:"FILE"`

	Exec          string `help:"Command that gets each alert, withdrawal and resync as one line of JSON on its standard input; any exit code but 0 means that it did not take it." placeholder:"COMMAND"`
	Webhook       string `help:"Address of a program that gets the same as Standard Webhooks; it may be on this machine." placeholder:"URL"`
	Forward       string `help:"Address of another installation that gets the alerts as CAP messages; what is answered there comes back." placeholder:"URL"`
	ForwardToken  string `help:"Token of an account there that may take messages over; better given as HOMEWARD_FORWARD_TOKEN." placeholder:"TOKEN"`
	WebhookSecret string `help:"Secret that signs them; better given as HOMEWARD_WEBHOOK_SECRET." placeholder:"whsec_BASE64"`
}

// answersEvery is how often answers are looked for at the installation that
// alerts are forwarded to.
const answersEvery = 5 * time.Second

// Exit codes of listen; 2 is that of a wrong command line.
const (
	exitUsage      = 2
	exitKeyEnded   = 3
	exitOutput     = 4
	exitCursorFile = 5
	exitCommand    = 6
	exitWebhook    = 7
	exitForward    = 8
)

// Help says what the command line's own help cannot.
func (*listenCommand) Help() string {
	return `Each frame is handed on, then printed as one line of JSON, then the cursor is kept, and only then receipt is confirmed: a program that is killed at any moment gets a frame twice at worst and never misses one. What is not taken is handed on again, after a growing pause of at most 30 seconds.

Exit codes: 0 stopped; 1 another failure; 2 wrong command line or address; 3 the key is refused or has ended: do not start again with it; 4 a frame could not be printed; 5 the cursor could not be kept; 6 the command of --exec cannot be started; 7 the webhook cannot be used: wrong address or secret, or its receiver answers 410; 8 the installation of --forward refuses the token.`
}

// Run listens until it is stopped.
func (l *listenCommand) Run(c *console, ctx context.Context) error {
	listener := realtime.Listener{URL: l.URL, Token: l.Token, CursorFile: l.Cursor, Out: c.out, Log: c.log}
	if f, ok := c.out.(*os.File); ok {
		listener.Out = synced{f}
	}
	handlers, err := l.handlers(c)
	if err == nil {
		ctx, cancel := context.WithCancel(ctx)
		var watching sync.WaitGroup
		if l.Forward != "" {
			f := handon.NewForward(l.URL, l.Token, l.Forward, l.ForwardToken, answersEvery, c.log)
			handlers = append(handlers, f)
			watching.Go(func() { f.Watch(ctx) })
		}
		listener.Handlers = handlers
		err = listener.Run(ctx)
		cancel()
		watching.Wait()
	}
	for code, final := range map[int]error{
		exitUsage: realtime.ErrAddress, exitKeyEnded: realtime.ErrKeyEnded, exitOutput: realtime.ErrOutput, exitCursorFile: realtime.ErrCursorFile,
		exitCommand: handon.ErrCommand, exitWebhook: handon.ErrWebhook, exitForward: handon.ErrForward,
	} {
		if errors.Is(err, final) {
			return exitError{code, err}
		}
	}
	return err
}

// handlers are those who get each frame besides the output.
func (l *listenCommand) handlers(c *console) ([]handon.Handler, error) {
	var out []handon.Handler
	if l.Exec != "" {
		out = append(out, handon.Command{Line: l.Exec, Out: c.err})
	}
	if l.Webhook != "" {
		w, err := handon.NewWebhook(l.Webhook, l.WebhookSecret, timeNow)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
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
