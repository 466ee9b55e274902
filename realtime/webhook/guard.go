package webhook

import (
	"context"
	"errors"
	"net/netip"
	"syscall"
)

// ErrAddress says that a name leads to an address that no message may be sent
// to: one of this machine, of a private network, or of nobody in particular.
var ErrAddress = errors.New("the address is inside a private network")

// guard decides for each connection, after the name has been resolved and just
// before it is made, whether it may be: what a name resolved to a moment ago says
// nothing about now.
type guard struct {
	allow []netip.Prefix
	// plain is set for messages that are not encrypted: they go to named
	// networks only.
	plain bool
}

func (g guard) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return ErrAddress
	}
	ip := at.Addr().Unmap().WithZone("")
	for _, p := range g.allow {
		if p.Contains(ip) {
			return nil
		}
	}
	if g.plain || reserved(ip) {
		return ErrAddress
	}
	return nil
}

// reserved tells whether an address is anything but one on the public Internet.
func reserved(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return true
	}
	for _, p := range notPublic() {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// notPublic are the networks of the IANA special-purpose registries that net/netip
// does not know. Those that carry an IPv4 address inside are among them, as they
// would lead around the rest.
func notPublic() []netip.Prefix {
	var out []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
		"3fff::/20", "5f00::/16", "fec0::/10",
	} {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}
