package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
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
	SecretKeys      auth.Keys
	TrustedProxies  auth.TrustedProxies
	MetricsAddr     string
	SessionIdle     time.Duration
	SessionAbsolute time.Duration
	AllowPlainHTTP  bool
	TogglRate       float64 // requests a second and credential
	LogLevel        slog.Level
	AuthMode        string
	Policy          auth.Policy

	// Of these three, the one of the mode is set, but for what only the program has:
	// the store, a client and a clock.
	OIDC        auth.OIDCOptions
	ProxyHeader auth.ProxyHeaderOptions
	ProxyJWT    auth.ProxyJWTOptions
	OIDCRecheck time.Duration

	// SharedTrack is empty, or everybody's connection to Toggl, with SharedFocusKey,
	// which may be empty.
	SharedTrack    auth.TrackCredentials
	SharedFocusKey string
}

// A loader collects the configuration and all faults of it.
type loader struct {
	values map[string]string // what is given, else the default
	given  map[string]bool
	faults []error
	config config
}

// loadConfig reads every setting through getenv and reports all faults at
// once, each with the name of its setting and never with a secret's value.
func loadConfig(getenv func(string) string) (config, error) {
	values, given, err := readAll(getenv)
	l := &loader{values: values, given: given, faults: []error{err}}
	l.server()
	l.toggl()
	l.sessions()
	l.signIn()
	return l.config, errors.Join(l.faults...)
}

func (l *loader) check(name string, err error) {
	if err != nil {
		l.faults = append(l.faults, fmt.Errorf("%s: %w", name, err))
	}
}

func (l *loader) server() {
	c := &l.config
	var err error
	c.Addr = l.values["ROSTER_ADDR"]
	_, _, err = net.SplitHostPort(c.Addr)
	l.check("ROSTER_ADDR", err)
	c.AllowPlainHTTP, err = strconv.ParseBool(l.values["ROSTER_ALLOW_PLAIN_HTTP"])
	l.check("ROSTER_ALLOW_PLAIN_HTTP", err)
	c.PublicURL, err = publicURL(l.values["ROSTER_PUBLIC_URL"], c.Addr, c.AllowPlainHTTP)
	l.check("ROSTER_PUBLIC_URL", err)
	c.TrustedProxies, err = auth.ParseTrustedProxies(l.values["ROSTER_TRUSTED_PROXIES"])
	l.check("ROSTER_TRUSTED_PROXIES", err)
	c.DatabaseURL = l.values["ROSTER_DATABASE_URL"]
	if c.MetricsAddr = l.values["ROSTER_METRICS_ADDR"]; c.MetricsAddr != "" {
		_, _, err = net.SplitHostPort(c.MetricsAddr)
		l.check("ROSTER_METRICS_ADDR", err)
	}
	l.check("ROSTER_LOG_LEVEL", c.LogLevel.UnmarshalText([]byte(l.values["ROSTER_LOG_LEVEL"])))
}

func (l *loader) toggl() {
	c := &l.config
	var err error
	c.TrackURL, err = upstreamURL(l.values["ROSTER_TRACK_URL"])
	l.check("ROSTER_TRACK_URL", err)
	c.FocusURL, err = upstreamURL(l.values["ROSTER_FOCUS_URL"])
	l.check("ROSTER_FOCUS_URL", err)
	c.TogglRate, err = strconv.ParseFloat(l.values["ROSTER_TOGGL_RATE"], 64)
	if err == nil && !(c.TogglRate > 0 && c.TogglRate <= 1000) {
		err = errors.New("must be more than 0 and at most 1000")
	}
	l.check("ROSTER_TOGGL_RATE", err)
}

func (l *loader) sessions() {
	var err error
	l.config.SecretKeys, err = secretKeys(l.values["ROSTER_SECRET_KEYS"])
	l.check("ROSTER_SECRET_KEYS", err)
	l.config.SessionIdle = l.duration("ROSTER_SESSION_IDLE")
	l.config.SessionAbsolute = l.duration("ROSTER_SESSION_ABSOLUTE")
}

func (l *loader) duration(name string) time.Duration {
	d, err := positive(l.values[name])
	l.check(name, err)
	return d
}

// readSettings returns each setting's value or default.
func readSettings(getenv func(string) string) (map[string]string, error) {
	values, _, err := readAll(getenv)
	return values, err
}

// readAll also says which settings are given. A secret may come from the file that
// its _FILE twin names, but not from both.
func readAll(getenv func(string) string) (values map[string]string, given map[string]bool, err error) {
	values, given = map[string]string{}, map[string]bool{}
	var faults []error
	for _, group := range settings {
		for _, s := range group.Settings {
			value, err := s.read(getenv)
			faults = append(faults, err)
			given[s.Name] = value != "" || err != nil
			values[s.Name] = cmp.Or(value, s.Default)
		}
	}
	return values, given, errors.Join(faults...)
}

func (s setting) read(getenv func(string) string) (string, error) {
	value, file := strings.TrimSpace(getenv(s.Name)), getenv(s.Name+"_FILE")
	switch {
	case !s.Secret || file == "":
		return value, nil
	case value != "":
		return value, fmt.Errorf("%s and %s_FILE are both set", s.Name, s.Name)
	}
	content, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if err != nil {
		return "", fmt.Errorf("%s_FILE: %w", s.Name, err)
	}
	value = strings.TrimSpace(string(content))
	if value == "" {
		return "", fmt.Errorf("%s_FILE: the file is empty", s.Name)
	}
	return value, nil
}
