package main

import (
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"roster/auth"
)

func publicURL(value, addr string, allowPlain bool) (*url.URL, error) {
	if value == "" {
		if !loopback(addr) {
			return nil, errors.New("is needed, because ROSTER_ADDR is not a loopback address")
		}
		value = "http://" + addr
	}
	u, err := url.Parse(value)
	if err != nil {
		return nil, errors.New("is not an address such as https://roster.example.com")
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("must be a scheme and a host only, such as https://roster.example.com")
	}
	if u.Scheme == "http" && !loopback(u.Host) && !allowPlain {
		return nil, errors.New("is plain http: use https, or set ROSTER_ALLOW_PLAIN_HTTP=true to send cookies and credentials unencrypted")
	}
	u.Path = ""
	return u, nil
}

// loopback reports whether a host, with or without a port, is this machine's own.
func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func upstreamURL(value string) (string, error) {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || u.RawQuery != "" {
		return "", errors.New("must be an address such as https://api.example.com/path, without credentials")
	}
	if u.Scheme == "http" && !loopback(u.Host) {
		return "", errors.New("must be https, because credentials are sent to it (plain http is for loopback only)")
	}
	return strings.TrimRight(value, "/"), nil
}

func secretKeys(value string) ([][]byte, error) {
	if value == "" {
		return nil, errors.New("is required: 32 random bytes as base64, for example from `openssl rand -base64 32`")
	}
	return auth.ParseKeys(value)
}

func positive(value string) (time.Duration, error) {
	d, err := time.ParseDuration(value)
	if err != nil || d <= 0 {
		return 0, errors.New("must be a time such as 30m or 8h")
	}
	return d, nil
}

// list reads names that are separated by commas or line ends, or, since a name may
// hold a comma, a JSON array of texts.
func list(value string) ([]string, error) {
	if strings.HasPrefix(value, "[") {
		var names []string
		if err := json.Unmarshal([]byte(value), &names); err != nil {
			return nil, errors.New(`begins with "[" and is no JSON array of texts`)
		}
		return names, nil
	}
	var names []string
	for name := range strings.FieldsFuncSeq(value, func(c rune) bool { return c == ',' || c == '\n' }) {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names, nil
}
