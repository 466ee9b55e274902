package web

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// loadVariable makes this test binary a load generator, so that its work is not
// taken for the server's.
const loadVariable = "HOMEWARD_TEST_LOAD"

func TestMain(m *testing.M) {
	if os.Getenv(loadVariable) != "" {
		if err := generate(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// load is so many posts of one body, from clients who each wait for their
// answer. Each post has an idempotency key and a network of its own.
type load struct {
	Host, Path     string
	Body           []byte
	Clients, Count int
}

// rate has another process send b.N bodies and returns how many were taken a
// second.
func rate(b *testing.B, address string, body []byte) float64 {
	b.Helper()
	u := must(url.Parse(address))
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), loadVariable+"=1")
	child.Stdin = bytes.NewReader(must(json.Marshal(load{u.Host, u.Path, body, intakeClients, b.N})))
	child.Stderr = os.Stderr
	out, err := child.Output()
	if err != nil {
		b.Fatal(err)
	}
	return float64(b.N) / must(strconv.ParseFloat(string(out), 64))
}

// generate sends a load and writes how many seconds it took.
func generate(from io.Reader, to io.Writer) error {
	var l load
	if err := json.NewDecoder(from).Decode(&l); err != nil {
		return err
	}
	var sent atomic.Int64
	var wg sync.WaitGroup
	failed := make(chan error, l.Clients)
	began := time.Now()
	for range l.Clients {
		wg.Go(func() {
			if err := l.client(&sent); err != nil {
				failed <- err
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	close(failed)
	var errs []error
	for err := range failed {
		errs = append(errs, err)
	}
	fmt.Fprint(to, took.Seconds())
	return errors.Join(errs...)
}

// client keeps one connection and writes requests that are ready but for their
// number.
func (l *load) client(sent *atomic.Int64) error {
	conn, err := net.Dial("tcp", l.Host)
	if err != nil {
		return err
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for {
		n := sent.Add(1)
		if n > int64(l.Count) {
			return nil
		}
		request := fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nIdempotency-Key: %d%s\r\nX-Forwarded-For: 203.%d.%d.%d\r\nContent-Length: %d\r\n\r\n%s",
			l.Path, l.Host, n, l.Path, n>>16&255, n>>8&255, n&255, len(l.Body), l.Body)
		if _, err := conn.Write(request); err != nil {
			return err
		}
		if err := taken(answers); err != nil {
			return err
		}
	}
}

// taken reads one answer, which must be 201.
func taken(from *bufio.Reader) error {
	status, err := from.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(status, []byte("HTTP/1.1 201 ")) {
		return fmt.Errorf("answered %q, want %d", status, http.StatusCreated)
	}
	length := 0
	for {
		line, err := from.ReadSlice('\n')
		if err != nil {
			return err
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
		if len(line) == 2 {
			_, err := from.Discard(length)
			return err
		}
	}
}
