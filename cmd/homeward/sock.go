package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"homeward/journal"
)

// Operators' commands talk to the running server through a socket in the state
// directory, because the embedded store belongs to one process. Whoever may
// open the socket may read the data directory anyway.
const socketName = "homeward.sock"

// regionsLimit bounds a regions file, in bytes.
const regionsLimit = 12 << 20

// statementLimit bounds what is compared with the store, in bytes.
const statementLimit = 16 << 20

// listenOperators serves operators' commands until ctx ends.
func (w *world) listenOperators(ctx context.Context, state string) error {
	path := filepath.Join(state, socketName)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("replace the operators' socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return fmt.Errorf("open the operators' socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, l.Close())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /regions", func(rw http.ResponseWriter, r *http.Request) {
		file, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, regionsLimit))
		n := 0
		if err == nil {
			n, err = w.importRegions(r.Context(), file)
		}
		answerOperator(rw, err, func(out io.Writer) error { return tellImported(out, n) })
	})
	w.placesOperated(mux)
	mux.HandleFunc("POST /verify", func(rw http.ResponseWriter, r *http.Request) {
		var out bytes.Buffer
		var marks []journal.Mark
		err := json.NewDecoder(http.MaxBytesReader(rw, r.Body, statementLimit)).Decode(&marks)
		if err == nil {
			err = verify(r.Context(), w.store, marks, &out)
		}
		if err != nil && out.Len() > 0 {
			err = fmt.Errorf("%s%w", out.Bytes(), err) // what was found comes before the verdict
		}
		answerOperator(rw, err, func(o io.Writer) error { _, err := o.Write(out.Bytes()); return err })
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() { _ = server.Serve(l) }()
	return nil
}

func answerOperator(rw http.ResponseWriter, err error, answer func(io.Writer) error) {
	if err != nil {
		rw.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprintln(rw, err)
		return
	}
	_ = answer(rw)
}

// operate sends an operators' command to the running server and prints what it
// answers.
func operate(ctx context.Context, out io.Writer, state, method, path string, body io.Reader) error {
	socket := filepath.Join(state, socketName)
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", socket)
		},
	}}
	r, err := http.NewRequestWithContext(ctx, method, "http://homeward"+path, body)
	if err != nil {
		return err
	}
	answer, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("no server answers at %s; start it, or add --offline: %w", socket, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
		return errors.New(string(bytes.TrimSpace(text)))
	}
	_, err = io.Copy(out, answer.Body)
	return err
}
