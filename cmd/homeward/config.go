package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// storeFlags say where data and keys are.
type storeFlags struct {
	Store string `help:"A directory (embedded store), or a mongodb:// address; its database is homeward if it names none." default:"./homeward-data" placeholder:"WHERE"`
	State string `help:"Directory for this node's own files; default: the embedded directory, or ./homeward-state with MongoDB." placeholder:"DIR"`
	Keys  string `help:"Directory of the keys; never inside the store." default:"./homeward-keys" placeholder:"DIR"`
}

func (f *storeFlags) mongo() bool {
	return strings.HasPrefix(f.Store, "mongodb://") || strings.HasPrefix(f.Store, "mongodb+srv://")
}

// settle fills in the state directory, makes it, and refuses keys inside the
// store: a backup of the data would otherwise hold what opens it.
func (f *storeFlags) settle() error {
	if f.State == "" {
		f.State = f.Store
		if f.mongo() {
			f.State = "./homeward-state"
		}
	}
	if !f.mongo() {
		if strings.Contains(f.Store, "://") {
			return fmt.Errorf("--store %q is neither a directory nor a mongodb:// address", f.Store)
		}
		inside, err := within(f.Keys, f.Store)
		if err != nil {
			return err
		}
		if inside {
			return errors.New("--keys lies inside --store; put the keys elsewhere, so that a copy of the data does not hold what opens it")
		}
	}
	if err := os.MkdirAll(f.State, 0o700); err != nil {
		return fmt.Errorf("make the state directory: %w", err)
	}
	return nil
}

func within(inner, outer string) (bool, error) {
	a, err := filepath.Abs(inner)
	if err != nil {
		return false, err
	}
	b, err := filepath.Abs(outer)
	if err != nil {
		return false, err
	}
	rel, err := filepath.Rel(b, a)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)), nil
}

// webFlags say how the server is reached.
type webFlags struct {
	Listen       string         `help:"Address to listen on." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Domain       string         `help:"Public name; its certificate is obtained and renewed." placeholder:"NAME"`
	TLSCert      string         `name:"tls-cert" help:"Certificate file (PEM)." placeholder:"FILE"`
	TLSKey       string         `name:"tls-key" help:"Key file of the certificate (PEM)." placeholder:"FILE"`
	TrustedProxy []netip.Prefix `help:"Networks of the reverse proxy that ends TLS and sets X-Forwarded-For." placeholder:"CIDR"`
	Origin       string         `help:"Address people use, such as https://homeward.example.org; needed behind a proxy for links." placeholder:"URL"`
	Name         string         `help:"What the organisation is called on its pages." default:"Homeward"`
	Sender       string         `help:"CAP sender of this installation, domain-like." default:"homeward.example.org"`
	Country      []string       `help:"Countries that the organisation works in (ISO 3166-1); a position that fits them only with longitude and latitude swapped is refused." default:"RS" placeholder:"CODE"`
	WebhookAllow []netip.Prefix `help:"Private networks that partners' webhooks may be in; also reached without encryption. All others are refused." placeholder:"CIDR"`
	AlarmWebhook string         `name:"alarm-webhook" help:"Address that is told by POST when the self-test of alerts turns red, and when it is green again." placeholder:"URL"`
	Basemap      string         `help:"A map of your own with streets, as a PMTiles file (OpenMapTiles or Protomaps layers); browsers read it from this server alone." placeholder:"FILE.pmtiles"`
	Idle         time.Duration  `help:"How long a person's session may be idle." default:"15m"`
}

// check refuses what would put children's data on an open line.
func (f *webFlags) check() error {
	host, _, err := net.SplitHostPort(f.Listen)
	if err != nil {
		return fmt.Errorf("--listen %q is not HOST:PORT", f.Listen)
	}
	if (f.TLSCert == "") != (f.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if f.TLSCert != "" {
		if _, err := tls.LoadX509KeyPair(f.TLSCert, f.TLSKey); err != nil {
			return fmt.Errorf("--tls-cert and --tls-key are not a certificate and its key: %w", err)
		}
	}
	for _, p := range f.TrustedProxy {
		if p.Bits() == 0 {
			return fmt.Errorf("--trusted-proxy %s would trust everybody; name the proxy's own network", p)
		}
	}
	if loopback(host) || f.Domain != "" || f.TLSCert != "" || len(f.TrustedProxy) > 0 {
		return nil
	}
	return fmt.Errorf("--listen %s can be reached from other machines without encryption; give --domain NAME, --tls-cert and --tls-key, "+
		"or --trusted-proxy CIDR for a proxy that encrypts, or listen on 127.0.0.1", f.Listen)
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// secure tells whether browsers come by https.
func (f *webFlags) secure() bool {
	return f.Domain != "" || f.TLSCert != "" || strings.HasPrefix(f.Origin, "https://") || len(f.TrustedProxy) > 0
}
