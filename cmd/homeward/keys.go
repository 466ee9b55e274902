package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	masterFile = "master.key"
	// nextFile holds the new master key while keys are wrapped anew under it.
	nextFile = "master.key.next"
)

// masterKey reads the installation's master key, making one at the first start,
// and with it one that a rotation had begun with.
func masterKey(dir string) (master []byte, older [][]byte, err error) {
	path := filepath.Join(dir, masterFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		key := make([]byte, 32)
		_, _ = rand.Read(key)
		if err := writeOnce(path, []byte(hex.EncodeToString(key)+"\n")); err != nil {
			return nil, nil, fmt.Errorf("make the master key: %w", err)
		}
	}
	if master, err = readKey(path); err != nil {
		return nil, nil, err
	}
	next, err := readKey(filepath.Join(dir, nextFile))
	if errors.Is(err, fs.ErrNotExist) {
		return master, nil, nil
	}
	return master, [][]byte{next}, err
}

func readKey(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("%s does not hold a master key (64 hexadecimal digits)", path)
	}
	return key, nil
}

type keysCommand struct {
	Rotate keysRotateCommand `cmd:"" help:"Replace the master key and wrap every key anew under it. Stop the server first."`
}

type keysRotateCommand struct {
	storeFlags
}

// Run replaces the master key. Interrupted at any moment, the next start opens
// every key, under the old master or the new one, and running it again ends the
// work.
func (k *keysRotateCommand) Run(c *console, ctx context.Context) error {
	if err := k.settle(); err != nil {
		return err
	}
	w, err := openWorld(ctx, k.storeFlags, worldOptions{}, timeNow, c.log)
	if err != nil {
		return err
	}
	next := filepath.Join(k.Keys, nextFile)
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	err = writeOnce(next, []byte(hex.EncodeToString(key)+"\n"))
	if err == nil {
		key, err = readKey(next) // of a rotation that was interrupted
	}
	if err == nil {
		err = w.ring.Rotate(ctx, key)
	}
	if err == nil {
		err = os.Rename(next, filepath.Join(k.Keys, masterFile))
	}
	if err = errors.Join(err, w.close()); err != nil {
		return fmt.Errorf("rotate keys: %w", err)
	}
	_, err = fmt.Fprintln(c.out, "The master key has been replaced. Replace the copy beside your backups too.")
	return err
}
