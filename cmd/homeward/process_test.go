package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// programVariable makes this test binary be the program, so that tests can kill
// a whole one.
const programVariable = "HOMEWARD_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) != "" {
		main()
	}
	os.Exit(m.Run())
}

// times is how often a fault is tried: few times by default, many with
// HOMEWARD_FAULTS=full.
func times(few, many int) int {
	if os.Getenv("HOMEWARD_FAULTS") == "full" {
		return many
	}
	return few
}

// program is Homeward as a process of its own.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	errs string // path of what it logs, over all starts in one directory
	out  bytes.Buffer
	gone chan struct{} // closed when it has ended and everything it said is read
}

// command prepares a program; logs are appended to the file errs.
func command(t *testing.T, errs string, args ...string) *program {
	t.Helper()
	p := &program{t: t, errs: errs, gone: make(chan struct{})}
	p.cmd = exec.Command(os.Args[0], args...)
	p.cmd.Env = append(os.Environ(), programVariable+"=1", "GORACE=exitcode=66")
	log, err := os.OpenFile(errs, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	p.cmd.Stderr = log
	return p
}

// start runs the program and hands each line it prints to line, unless its
// output goes to a file.
func (p *program) start(line func(string)) {
	p.t.Helper()
	if line == nil {
		p.begin(func() {})
		return
	}
	r, w := io.Pipe()
	p.cmd.Stdout = io.MultiWriter(&p.out, w)
	read := make(chan struct{})
	go func() {
		defer close(read)
		for s := bufio.NewScanner(r); s.Scan(); {
			line(s.Text())
		}
	}()
	p.begin(func() { w.Close(); <-read })
}

// begin starts the process and watches for its end; after is done before that
// is told.
func (p *program) begin(after func()) {
	p.t.Helper()
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait()
		after()
		close(p.gone)
	}()
	p.t.Cleanup(p.kill)
}

// kill ends the program the hard way: it gets no chance to tidy up.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	<-p.gone
}

// end waits for the program to end by itself and returns its exit code.
func (p *program) end(within time.Duration) int {
	p.t.Helper()
	select {
	case <-p.gone:
	case <-time.After(within):
		p.kill()
		p.t.Fatalf("%v had not ended after %s:\n%s", p.cmd.Args[1:], within, p.said())
	}
	return p.cmd.ProcessState.ExitCode()
}

// said is what the program wrote to standard error, with that of earlier ones.
func (p *program) said() string {
	b, err := os.ReadFile(p.errs)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(b)
}

// installation is a data directory with its keys and log, and the node that
// runs on it.
type installation struct {
	*node
	dir     string
	running *program
}

func install(t *testing.T) *installation {
	dir := t.TempDir()
	n := &node{tb: t, w: &world{now: timeNow}, accounts: map[string]string{}, client: &http.Client{Timeout: time.Minute}}
	return &installation{node: n, dir: dir}
}

func (in *installation) data() string { return filepath.Join(in.dir, "data") }
func (in *installation) keys() string { return filepath.Join(in.dir, "keys") }

// places are the flags that say where the installation is.
func (in *installation) places(args ...string) []string {
	return append(args, "--store", in.data(), "--keys", in.keys())
}

// start starts the server and returns when it can be reached.
func (in *installation) start() {
	t := in.tb.(*testing.T)
	t.Helper()
	address := make(chan string, 1)
	p := command(t, filepath.Join(in.dir, "log"), in.places("serve", "--listen", "127.0.0.1:0")...)
	p.start(func(line string) {
		if a, ok := strings.CutPrefix(line, "Homeward is at "); ok {
			address <- a
		}
	})
	select {
	case in.address = <-address:
	case <-p.gone:
		t.Fatalf("the server did not start:\n%s", p.said())
	}
	in.running = p
	if in.admin == "" {
		token, err := os.ReadFile(filepath.Join(in.data(), "admin-token"))
		if err != nil {
			t.Fatal(err)
		}
		in.admin = strings.TrimSpace(string(token))
	}
}

// stop asks the server to end and expects that it does so well.
func (in *installation) stop() {
	in.tb.Helper()
	in.client.CloseIdleConnections()
	if err := in.running.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		in.tb.Fatal(err)
	}
	if code := in.running.end(30 * time.Second); code != 0 {
		in.tb.Fatalf("ended with %d:\n%s", code, in.running.said())
	}
}

// run carries out another command of the program to its end and returns the
// exit code and what it printed on both outputs.
func (in *installation) run(args ...string) (int, string) {
	t := in.tb.(*testing.T)
	t.Helper()
	errs, err := os.CreateTemp(in.dir, "command-*.log")
	if err != nil {
		t.Fatal(err)
	}
	errs.Close()
	p := command(t, errs.Name(), args...)
	p.start(func(string) {})
	code := p.end(time.Minute)
	return code, p.out.String() + p.said()
}

// sometime fires at a random time before d has passed: it chooses the
// moment of a fault.
func sometime(d time.Duration) <-chan time.Time { return time.After(rand.N(d)) }

// post sends a write with an idempotency key, unless it is empty. A status of 0
// says that no answer came.
func (in *installation) post(ctx context.Context, path, token, key string, body []byte) (int, []byte) {
	q, err := http.NewRequestWithContext(ctx, "POST", in.address+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "Bearer "+token)
	if key != "" {
		q.Header.Set("Idempotency-Key", key)
	}
	answer, err := in.client.Do(q)
	if err != nil {
		return 0, nil
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil || errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, nil
	}
	return answer.StatusCode, b
}
