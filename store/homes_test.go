package store

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	conformance(t, func(*testing.T) home {
		m := NewMemory()
		return home{shared: true, open: func(*testing.T) Store {
			defer m.hold()()
			m.closed = false
			return m
		}}
	})
}

func TestMemoryKeys(t *testing.T) {
	t.Parallel()
	keyConformance(t, func(*testing.T) keyHome {
		m := NewMemory()
		return func(*testing.T) KeyHome { return m }
	})
}

// openBolt opens the store in dir and closes it with the test.
func openBolt(t testing.TB, dir string) *Bolt {
	t.Helper()
	b, err := OpenBolt(dir, BoltOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func TestBolt(t *testing.T) {
	t.Parallel()
	conformance(t, func(t *testing.T) home {
		dir := filepath.Join(t.TempDir(), "deep", "data")
		return home{open: func(t *testing.T) Store { return openBolt(t, dir) }}
	})
}

func openKeys(t testing.TB, dir string) *KeyFile {
	t.Helper()
	k, err := OpenKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.Close(); err != nil {
			t.Error(err)
		}
	})
	return k
}

func TestKeyFile(t *testing.T) {
	t.Parallel()
	keyConformance(t, func(t *testing.T) keyHome {
		dir := t.TempDir()
		return func(t *testing.T) KeyHome { return openKeys(t, dir) }
	})
}

// mongoEnv names the address of a MongoDB for tests.
const mongoEnv = "HOMEWARD_TEST_MONGODB"

// mongoAddress returns the address of the MongoDB to test on. Without one the
// tests on it are not run.
func mongoAddress(t testing.TB) string {
	t.Helper()
	address := os.Getenv(mongoEnv)
	if address == "" {
		t.Logf("%s is not set: the part on MongoDB is not run", mongoEnv)
	}
	return address
}
