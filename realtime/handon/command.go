package handon

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Limits of a command: how long it may take for one frame, and how long what it
// has started may hold its pipes after that.
const (
	commandTime = time.Minute
	commandWait = 2 * time.Second
)

// The exit codes by which a shell says that it could not start a command.
const (
	shellNotExecutable = 126
	shellNotFound      = 127
)

// Command hands each frame to a command on its standard input.
type Command struct {
	// Line is what the shell runs.
	Line string
	// Out takes what the command prints.
	Out io.Writer
}

// Hand runs the command once and returns nil when it has exited with 0. The keys
// that this program was given are not passed on to it.
func (c Command) Hand(ctx context.Context, f Frame) error {
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", c.Line)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(append(bytes.Clone(f.Line), '\n')), c.Out, c.Out
	cmd.Env, cmd.WaitDelay = environment(), commandWait
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("the command did not end in time: %w", ctx.Err())
	case !errors.As(err, &exit), exit.ExitCode() == shellNotFound, exit.ExitCode() == shellNotExecutable:
		return fmt.Errorf("%w: %w", ErrCommand, err)
	}
	return fmt.Errorf("the command did not take the frame: %w", err)
}

// environment is ours without what is secret in it.
func environment() []string {
	var out []string
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		if !strings.HasPrefix(name, "HOMEWARD_") || !strings.HasSuffix(name, "TOKEN") && !strings.HasSuffix(name, "SECRET") {
			out = append(out, e)
		}
	}
	return out
}
