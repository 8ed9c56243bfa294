package auth

import (
	"crypto/tls"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestClientIP(t *testing.T) {
	p, err := ParseTrustedProxies("10.0.0.0/8, 192.168.1.1\nfd00::/8")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"direct", "198.51.100.7:1234", nil, "198.51.100.7"},
		{"direct, claims", "198.51.100.7:1234", []string{"203.0.113.9"}, "198.51.100.7"},
		{"direct, claims a proxy", "198.51.100.7:1234", []string{"10.0.0.1"}, "198.51.100.7"},
		{"proxy", "10.0.0.1:1234", []string{"203.0.113.9"}, "203.0.113.9"},
		{"single address", "192.168.1.1:1234", []string{"203.0.113.9"}, "203.0.113.9"},
		{"beside the single address", "192.168.1.2:1234", []string{"203.0.113.9"}, "192.168.1.2"},
		{"proxy says nothing", "10.0.0.1:1234", nil, "10.0.0.1"},
		{"client made up the left part", "10.0.0.1:1234", []string{"1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
		{"client made up a proxy", "10.0.0.1:1234", []string{"10.9.9.9, 203.0.113.9"}, "203.0.113.9"},
		{"two proxies", "10.0.0.1:1234", []string{"1.1.1.1, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		{"several lines", "10.0.0.1:1234", []string{"1.1.1.1", "203.0.113.9", "10.0.0.2"}, "203.0.113.9"},
		{"all are proxies", "10.0.0.1:1234", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"unreadable", "10.0.0.1:1234", []string{"unknown"}, "10.0.0.1"},
		{"unreadable left of a proxy", "10.0.0.1:1234", []string{"203.0.113.9, <script>, 10.0.0.2"}, "10.0.0.2"},
		{"empty entries", "10.0.0.1:1234", []string{"203.0.113.9,,"}, "10.0.0.1"},
		{"with a port", "10.0.0.1:1234", []string{"203.0.113.9:5678"}, "203.0.113.9"},
		{"IPv6", "[fd00::1]:1234", []string{"2001:db8::9"}, "2001:db8::9"},
		{"IPv6 with a port", "[fd00::1]:1234", []string{"[2001:db8::9]:5678"}, "2001:db8::9"},
		{"IPv6 in brackets", "[fd00::1]:1234", []string{"[2001:db8::9]"}, "2001:db8::9"},
		{"IPv6 with a zone", "[fe80::1%eth0]:1234", []string{"203.0.113.9"}, "fe80::1"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:1234", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
			r.RemoteAddr = tt.peer
			for _, line := range tt.forwarded {
				r.Header.Add("X-Forwarded-For", line)
			}
			r.Header.Set("X-Real-Ip", "9.9.9.9")
			r.Header.Set("Forwarded", "for=9.9.9.9")
			if got := p.ClientIP(r); got != netip.MustParseAddr(tt.want) {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
}

func TestClientIPWithoutProxiesOrAddress(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	r.RemoteAddr = "10.0.0.1:1234"
	if got := (TrustedProxies{}).ClientIP(r); got != netip.MustParseAddr("10.0.0.1") {
		t.Errorf("with no trusted proxy: %v", got)
	}
	r.RemoteAddr = "@"
	if got := (TrustedProxies{}).ClientIP(r); got.IsValid() {
		t.Errorf("on a Unix socket: %v", got)
	}
}

func TestScheme(t *testing.T) {
	p, err := ParseTrustedProxies("10.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	const proxy, stranger = "10.0.0.1:1234", "198.51.100.7:1234"
	tests := []struct {
		name, peer string
		tls        bool
		said       []string
		want       string
	}{
		{"direct", stranger, false, nil, "http"},
		{"direct over TLS", stranger, true, nil, "https"},
		{"direct, claims", stranger, false, []string{"https"}, "http"},
		{"direct over TLS, claims", stranger, true, []string{"http"}, "https"},
		{"proxy", proxy, false, []string{"https"}, "https"},
		{"proxy in capitals", proxy, false, []string{" HTTPS "}, "https"},
		{"proxy says http over TLS", proxy, true, []string{"http"}, "http"},
		{"proxy says nothing", proxy, false, nil, "http"},
		{"proxy says nothing over TLS", proxy, true, nil, "https"},
		{"proxy says nonsense", proxy, false, []string{"javascript"}, "http"},
		{"client said something first", proxy, false, []string{"https, http"}, "http"},
		{"client sent a line first", proxy, false, []string{"http", "https"}, "https"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
			r.RemoteAddr = tt.peer
			if tt.tls {
				r.TLS = &tls.ConnectionState{}
			}
			for _, line := range tt.said {
				r.Header.Add("X-Forwarded-Proto", line)
			}
			if got := p.Scheme(r); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestParseTrustedProxiesRefuses(t *testing.T) {
	for _, in := range []string{
		"proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0", "10.0.0.0/8/8", "10.0.0.0/8;10.1.0.0/16",
		"0.0.0.0/0", "::/0", "10.0.0.1, 0.0.0.0/0", "::ffff:10.0.0.0/104",
	} {
		if _, err := ParseTrustedProxies(in); err == nil {
			t.Errorf("%q was accepted", in)
		}
	}
	if p, err := ParseTrustedProxies(" ,\n"); err != nil || len(p.networks) != 0 {
		t.Errorf("nothing gave %v, %v", p, err)
	}
}
