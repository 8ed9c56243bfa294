package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"roster/auth"
)

// config is everything that an operator can set, checked. Nothing else in the
// program reads the environment.
type config struct {
	Addr            string
	PublicURL       *url.URL
	TrackURL        string
	FocusURL        string
	DatabaseURL     string
	SecretKeys      [][]byte
	AuthMode        string
	TrustedProxies  auth.TrustedProxies
	MetricsAddr     string
	SessionIdle     time.Duration
	SessionAbsolute time.Duration
	AllowPlainHTTP  bool
	TogglRate       float64 // requests a second and credential
	LogLevel        slog.Level
}

// setting describes one environment variable: the README's table is checked
// against this list. A secret can also be given as NAME_FILE, the path of a
// file that holds it.
type setting struct {
	Name    string
	Default string
	Secret  bool
	Meaning string
}

var settings = []setting{
	{"ROSTER_ADDR", "127.0.0.1:8080", false, "Address and port to listen on"},
	{"ROSTER_PUBLIC_URL", "", false, "Address under which browsers reach Roster; needed unless it listens on loopback, where it is `http://` and `ROSTER_ADDR`"},
	{"ROSTER_TRACK_URL", "https://api.track.toggl.com/api/v9", false, "Base address of the Toggl Track API"},
	{"ROSTER_FOCUS_URL", "https://focus.toggl.com/api", false, "Base address of the Toggl Focus API"},
	{"ROSTER_TOGGL_RATE", "1", false, "Requests a second that are sent to Toggl for one person; Toggl calls 1 safe"},
	{"ROSTER_DATABASE_URL", "sqlite:roster.db", true, "Where sessions, change sets and activity are kept: `sqlite:` and a path, or a `postgres://` address"},
	{"ROSTER_SECRET_KEYS", "", true, "Master keys that seal sessions, 32 bytes each as base64 or hex, newest first, separated by commas; required"},
	{"ROSTER_AUTH_MODE", "toggl", false, "How people sign in: `toggl` (with their Toggl credentials)"},
	{"ROSTER_TRUSTED_PROXIES", "", false, "Networks (CIDR, separated by commas) of reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed"},
	{"ROSTER_METRICS_ADDR", "", false, "Address and port for Prometheus metrics at `/metrics`; off when empty"},
	{"ROSTER_SESSION_IDLE", "30m", false, "A session ends after this long without a request"},
	{"ROSTER_SESSION_ABSOLUTE", "8h", false, "A session ends this long after sign-in"},
	{"ROSTER_ALLOW_PLAIN_HTTP", "false", false, "`true` allows a public address with plain http that is not loopback: cookies and credentials then travel unencrypted"},
	{"ROSTER_LOG_LEVEL", "info", false, "`debug`, `info`, `warn` or `error`"},
}

// loadConfig reads every setting through getenv and reports all faults at
// once, each with the name of its setting and never with a secret's value.
func loadConfig(getenv func(string) string) (config, error) {
	var (
		c      config
		faults []error
	)
	values, err := readSettings(getenv)
	faults = append(faults, err)
	check := func(name string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
		}
	}

	c.Addr = values["ROSTER_ADDR"]
	_, _, err = net.SplitHostPort(c.Addr)
	check("ROSTER_ADDR", err)
	c.AllowPlainHTTP, err = strconv.ParseBool(values["ROSTER_ALLOW_PLAIN_HTTP"])
	check("ROSTER_ALLOW_PLAIN_HTTP", err)
	c.PublicURL, err = publicURL(values["ROSTER_PUBLIC_URL"], c.Addr, c.AllowPlainHTTP)
	check("ROSTER_PUBLIC_URL", err)
	c.TrackURL, err = upstreamURL(values["ROSTER_TRACK_URL"])
	check("ROSTER_TRACK_URL", err)
	c.FocusURL, err = upstreamURL(values["ROSTER_FOCUS_URL"])
	check("ROSTER_FOCUS_URL", err)
	c.TogglRate, err = strconv.ParseFloat(values["ROSTER_TOGGL_RATE"], 64)
	if err == nil && !(c.TogglRate > 0 && c.TogglRate <= 1000) {
		err = errors.New("must be more than 0 and at most 1000")
	}
	check("ROSTER_TOGGL_RATE", err)
	c.DatabaseURL = values["ROSTER_DATABASE_URL"]
	c.SecretKeys, err = secretKeys(values["ROSTER_SECRET_KEYS"])
	check("ROSTER_SECRET_KEYS", err)
	c.AuthMode, err = authMode(values["ROSTER_AUTH_MODE"])
	check("ROSTER_AUTH_MODE", err)
	c.TrustedProxies, err = auth.ParseTrustedProxies(values["ROSTER_TRUSTED_PROXIES"])
	check("ROSTER_TRUSTED_PROXIES", err)
	c.MetricsAddr = values["ROSTER_METRICS_ADDR"]
	if c.MetricsAddr != "" {
		_, _, err = net.SplitHostPort(c.MetricsAddr)
		check("ROSTER_METRICS_ADDR", err)
	}
	c.SessionIdle, err = positive(values["ROSTER_SESSION_IDLE"])
	check("ROSTER_SESSION_IDLE", err)
	c.SessionAbsolute, err = positive(values["ROSTER_SESSION_ABSOLUTE"])
	check("ROSTER_SESSION_ABSOLUTE", err)
	check("ROSTER_LOG_LEVEL", c.LogLevel.UnmarshalText([]byte(values["ROSTER_LOG_LEVEL"])))
	return c, errors.Join(faults...)
}

// readSettings returns each setting's value or default; a secret may come from
// the file that its _FILE twin names, but not from both.
func readSettings(getenv func(string) string) (map[string]string, error) {
	values := make(map[string]string, len(settings))
	var faults []error
	for _, s := range settings {
		value := strings.TrimSpace(getenv(s.Name))
		if file := getenv(s.Name + "_FILE"); s.Secret && file != "" {
			if value != "" {
				faults = append(faults, fmt.Errorf("%s and %s_FILE are both set", s.Name, s.Name))
			}
			content, err := os.ReadFile(file) //nolint:gosec // the operator names the file
			if err != nil {
				faults = append(faults, fmt.Errorf("%s_FILE: %w", s.Name, err))
			}
			value = strings.TrimSpace(string(content))
		}
		values[s.Name] = cmp.Or(value, s.Default)
	}
	return values, errors.Join(faults...)
}

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

func authMode(value string) (string, error) {
	if value != "toggl" {
		return "", fmt.Errorf("%q is not a mode this version has: toggl", value)
	}
	return value, nil
}

func positive(value string) (time.Duration, error) {
	d, err := time.ParseDuration(value)
	if err != nil || d <= 0 {
		return 0, errors.New("must be a time such as 30m or 8h")
	}
	return d, nil
}
