package main

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/auth"
)

// env is a full environment for loadConfig, changed by pairs of name and value.
func env(pairs ...string) func(string) string {
	values := map[string]string{"ROSTER_SECRET_KEYS": base64.StdEncoding.EncodeToString(auth.NewKey())}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return values[name] }
}

func TestDefaults(t *testing.T) {
	c, err := loadConfig(env())
	if err != nil {
		t.Fatal(err)
	}
	got := []any{c.Addr, c.PublicURL.String(), c.TrackURL, c.FocusURL, c.DatabaseURL, c.AuthMode, c.MetricsAddr, c.SessionIdle, c.SessionAbsolute}
	want := []any{
		"127.0.0.1:8080", "http://127.0.0.1:8080", "https://api.track.toggl.com/api/v9", "https://focus.toggl.com/api",
		"sqlite:roster.db", "toggl", "", 30 * time.Minute, 8 * time.Hour,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
}

// TestFaults: each bad value is refused with the name of its setting.
func TestFaults(t *testing.T) {
	for name, pairs := range map[string][]string{
		"no keys":                 {"ROSTER_SECRET_KEYS", ""},
		"short key":               {"ROSTER_SECRET_KEYS", "c2hvcnQ="},
		"address without port":    {"ROSTER_ADDR", "127.0.0.1"},
		"open address, no public": {"ROSTER_ADDR", "0.0.0.0:8080"},
		"public plain http":       {"ROSTER_PUBLIC_URL", "http://roster.example.com"},
		"public with path":        {"ROSTER_PUBLIC_URL", "https://roster.example.com/x"},
		"public with credentials": {"ROSTER_PUBLIC_URL", "https://a:b@roster.example.com"},
		"public without host":     {"ROSTER_PUBLIC_URL", "https://"},
		"track with plain http":   {"ROSTER_TRACK_URL", "http://toggl.example.com"},
		"focus not an address":    {"ROSTER_FOCUS_URL", "focus"},
		"unknown mode":            {"ROSTER_AUTH_MODE", "magic"},
		"proxies not networks":    {"ROSTER_TRUSTED_PROXIES", "proxy.internal"},
		"metrics without port":    {"ROSTER_METRICS_ADDR", "localhost"},
		"idle not a time":         {"ROSTER_SESSION_IDLE", "soon"},
		"absolute negative":       {"ROSTER_SESSION_ABSOLUTE", "-1h"},
		"plain http not a bool":   {"ROSTER_ALLOW_PLAIN_HTTP", "perhaps"},
		"rate not a number":       {"ROSTER_TOGGL_RATE", "fast"},
		"no rate":                 {"ROSTER_TOGGL_RATE", "0"},
		"log level":               {"ROSTER_LOG_LEVEL", "loud"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadConfig(env(pairs...))
			if err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(pairs[0], "_FILE")) && pairs[0] != "ROSTER_ADDR" {
				t.Errorf("%s=%q: error %v doesn't name the setting", pairs[0], pairs[1], err)
			}
		})
	}
}

func TestFaultsAreReportedTogether(t *testing.T) {
	_, err := loadConfig(env("ROSTER_AUTH_MODE", "magic", "ROSTER_SESSION_IDLE", "soon", "ROSTER_SECRET_KEYS", ""))
	for _, name := range []string{"ROSTER_AUTH_MODE", "ROSTER_SESSION_IDLE", "ROSTER_SECRET_KEYS"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v doesn't name %s", err, name)
		}
	}
}

func TestPlainHTTPWhenAllowed(t *testing.T) {
	c, err := loadConfig(env("ROSTER_PUBLIC_URL", "http://roster.example.com", "ROSTER_ALLOW_PLAIN_HTTP", "true"))
	if err != nil || c.PublicURL.String() != "http://roster.example.com" || !c.AllowPlainHTTP {
		t.Errorf("got %v, %v", c.PublicURL, err)
	}
}

func TestSecretsFromFiles(t *testing.T) {
	key := base64.StdEncoding.EncodeToString(auth.NewKey())
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte(key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig(env("ROSTER_SECRET_KEYS", "", "ROSTER_SECRET_KEYS_FILE", file))
	if err != nil || base64.StdEncoding.EncodeToString(c.SecretKeys[0]) != key {
		t.Errorf("the file's key was not taken: %v", err)
	}
	for name, pairs := range map[string][]string{
		"both":    {"ROSTER_SECRET_KEYS_FILE", file},
		"missing": {"ROSTER_SECRET_KEYS", "", "ROSTER_SECRET_KEYS_FILE", file + "-not-there"},
	} {
		if _, err := loadConfig(env(pairs...)); err == nil || !strings.Contains(err.Error(), "ROSTER_SECRET_KEYS_FILE") {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), key) {
			t.Errorf("%s: the error holds the key", name)
		}
	}
}

// TestReadmeSettings compares the README's table with the settings.
func TestReadmeSettings(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile("(?m)^(\\| `ROSTER_[A-Z_]+` \\| .* \\| .* \\||#### .*)$")
	got, want := line.FindAllString(string(readme), -1), settingsTables()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("README's table of settings (-config +README):\n%s", diff)
	}
}

// settingsTables are the titles and rows of the README's tables of settings.
func settingsTables() []string {
	var lines []string
	for _, group := range settings {
		lines = append(lines, "#### "+group.Title)
		for _, s := range group.Settings {
			initial, meaning := "none", s.Meaning
			if s.Default != "" {
				initial = "`" + s.Default + "`"
			}
			if s.Secret {
				meaning += ". Also as `" + s.Name + "_FILE`"
			}
			lines = append(lines, "| `"+s.Name+"` | "+initial+" | "+meaning+" |")
		}
	}
	return lines
}
