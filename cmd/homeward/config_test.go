package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBadConfigurations starts the program with settings that would lose data,
// leak it, or do something else than asked. Each must be refused with a
// sentence, before a sign-in link is printed.
func TestBadConfigurations(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	at := func(args ...string) []string {
		return append([]string{"serve", "--store", filepath.Join(dir, "data"), "--keys", filepath.Join(dir, "keys")}, args...)
	}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"open to the network":        {at("--listen", "0.0.0.0:0"), "--domain"},
		"open to all of IPv6":        {at("--listen", "[::]:0"), "--domain"},
		"every address by no host":   {at("--listen", ":0"), "--domain"},
		"a private address":          {at("--listen", "192.168.1.4:0"), "--domain"},
		"no port":                    {at("--listen", "127.0.0.1"), "HOST:PORT"},
		"certificate without key":    {at("--tls-cert", file), "go together"},
		"key without certificate":    {at("--tls-key", file), "go together"},
		"not a certificate":          {at("--listen", "127.0.0.1:0", "--tls-cert", file, "--tls-key", file), "certificate"},
		"address in use":             {at("--listen", taken.Addr().String()), "another program listens on " + taken.Addr().String()},
		"everybody is a proxy":       {at("--trusted-proxy", "0.0.0.0/0"), "trust everybody"},
		"everybody is a proxy, IPv6": {at("--trusted-proxy", "::/0"), "trust everybody"},
		"proxy is no network":        {at("--trusted-proxy", "proxy"), "trusted-proxy"},
		"keys inside the store":      {[]string{"serve", "--store", dir, "--keys", filepath.Join(dir, "keys")}, "inside"},
		"keys are the store":         {[]string{"serve", "--store", dir, "--keys", dir}, "inside"},
		"store of another kind":      {[]string{"serve", "--store", "postgres://db/x", "--keys", filepath.Join(dir, "k")}, "mongodb://"},
		"store is a file":            {[]string{"serve", "--store", file, "--keys", filepath.Join(dir, "k")}, "file"},
		"MongoDB without a host":     {[]string{"serve", "--store", "mongodb://", "--keys", filepath.Join(dir, "k"), "--state", dir}, "mongodb://"},
		"MongoDB that is not there":  {[]string{"serve", "--store", "mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=200", "--keys", filepath.Join(dir, "k"), "--state", dir}, "127.0.0.1:1"},
		"unknown flag":               {at("--debug"), "--debug"},
		"unknown command":            {[]string{"server"}, "server"},
		"unknown log level":          {append([]string{"--log", "loud"}, at()...), "loud"},
		"idle is no time":            {at("--idle", "soon"), "idle"},
		"mail without a sender":      {at("--smtp", "mail.example.org:587"), "--mail-from"},
		"mail server without a port": {at("--smtp", "mail.example.org", "--mail-from", "desk@example.org"), "HOST:PORT"},
		"mail in the clear":          {at("--smtp", "mail.example.org:25", "--mail-from", "desk@example.org", "--smtp-tls", "none"), "only for a server on this machine"},
		"mail encrypted otherwise":   {at("--smtp", "mail.example.org:25", "--mail-from", "desk@example.org", "--smtp-tls", "ssl"), "smtp-tls"},
		"mail user without password": {at("--smtp", "mail.example.org:25", "--mail-from", "desk@example.org", "--smtp-user", "desk"), "go together"},
		"mail password not there":    {at("--smtp", "mail.example.org:25", "--mail-from", "desk@example.org", "--smtp-user", "desk", "--smtp-password-file", file+".none"), "--smtp-password-file"},
		"mail sender, no server":     {at("--mail-from", "desk@example.org"), "need --smtp"},
		"listen without an address":  {[]string{"listen", "--token", "x"}, "--url"},
		"listen without a key":       {[]string{"listen", "--url", "http://127.0.0.1:1"}, "--token"},
		"regions file that is not":   {[]string{"regions", "import", filepath.Join(dir, "none.geojson")}, "none.geojson"},
		"verify without a server":    {[]string{"verify", "--store", dir, "--keys", filepath.Join(dir, "..", "k")}, "--offline"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			code := run(t.Context(), c.args, &out, &errs)
			if code == 0 {
				t.Fatalf("it started:\n%s", &out)
			}
			if said := out.String() + errs.String(); !strings.Contains(said, c.says) {
				t.Fatalf("exit %d, says nothing of %q:\n%s", code, c.says, said)
			}
			if strings.Contains(out.String(), "First start") {
				t.Errorf("a sign-in link for what does not start:\n%s", &out)
			}
		})
	}
}

func TestMasterKeyIsMadeOnceAndChecked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, _, err := masterKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, older, err := masterKey(dir)
	if err != nil || !bytes.Equal(first, again) || len(older) != 0 {
		t.Fatalf("second start: %x, %v", again, err)
	}
	if info, err := os.Stat(filepath.Join(dir, masterFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, masterFile), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := masterKey(dir); err == nil {
		t.Fatal("a damaged master key was accepted")
	}
}
