package auth

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// TrustedProxies are the networks of the proxies in front of Roster. Only a request
// whose TCP peer is one of them is believed about whom it is forwarded for. The zero
// value trusts none.
type TrustedProxies struct {
	networks []netip.Prefix
}

// ParseTrustedProxies reads ROSTER_TRUSTED_PROXIES: addresses and networks in CIDR
// form, separated by commas or spaces. Empty trusts none. A network of all addresses
// is refused: anybody could then claim any address.
func ParseTrustedProxies(s string) (TrustedProxies, error) {
	var p TrustedProxies
	for _, field := range strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ' ' || c == '\n' || c == '\t' || c == '\r' }) {
		network, err := parseNetwork(field)
		if err != nil {
			return TrustedProxies{}, fmt.Errorf("ROSTER_TRUSTED_PROXIES: %w", err)
		}
		p.networks = append(p.networks, network)
	}
	return p, nil
}

func parseNetwork(s string) (netip.Prefix, error) {
	if !strings.Contains(s, "/") {
		addr, err := netip.ParseAddr(s)
		if err != nil {
			return netip.Prefix{}, fmt.Errorf("%q is no address or network", s)
		}
		addr = addr.Unmap().WithZone("")
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	network, err := netip.ParsePrefix(s)
	switch {
	case err != nil || network.Addr().Is4In6():
		return netip.Prefix{}, fmt.Errorf("%q is no address or network", s)
	case network.Bits() == 0:
		return netip.Prefix{}, fmt.Errorf("%q trusts everybody", s)
	}
	return network.Masked(), nil
}

// ClientIP returns the address that the request comes from: the TCP peer, or if that is
// a trusted proxy, the rightmost address of X-Forwarded-For that is not one. What
// stands left of it, or left of something unreadable, may be made up. The address is
// invalid for a peer without one, as on a Unix socket.
func (p TrustedProxies) ClientIP(r *http.Request) netip.Addr {
	client := parseHost(r.RemoteAddr)
	hops := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
	for hops != "" && p.trusts(client) {
		i := strings.LastIndexByte(hops, ',')
		hop := parseHost(strings.TrimSpace(hops[i+1:]))
		if !hop.IsValid() {
			break
		}
		client, hops = hop, hops[:max(i, 0)]
	}
	return client
}

// Scheme returns "https" or "http": how the connection came in, or if the TCP peer is
// a trusted proxy, what that proxy says in X-Forwarded-Proto.
func (p TrustedProxies) Scheme(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	if !p.trusts(parseHost(r.RemoteAddr)) {
		return scheme
	}
	said := strings.Join(r.Header.Values("X-Forwarded-Proto"), ",")
	said = strings.ToLower(strings.TrimSpace(said[strings.LastIndexByte(said, ',')+1:]))
	if said == "https" || said == "http" {
		return said
	}
	return scheme
}

func (p TrustedProxies) trusts(addr netip.Addr) bool {
	for _, network := range p.networks {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}

// parseHost reads an address with or without a port; some proxies add one.
func parseHost(s string) netip.Addr {
	if withPort, err := netip.ParseAddrPort(s); err == nil {
		return withPort.Addr().Unmap().WithZone("")
	}
	addr, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}
