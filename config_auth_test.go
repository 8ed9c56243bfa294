package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"roster/auth"
)

// Whole configurations of each mode that is not the default.
var (
	oidcEnv = []string{
		"ROSTER_AUTH_MODE", "oidc", "ROSTER_OIDC_ISSUER", "https://login.example.com/realms/x/", "ROSTER_OIDC_CLIENT_ID", "roster",
		"ROSTER_OIDC_CLIENT_SECRET", "oidc-canary", "ROSTER_EDITOR_GROUPS", "editors",
	}
	headerEnv = []string{
		"ROSTER_AUTH_MODE", "proxy-header", "ROSTER_TRUSTED_PROXIES", "10.0.0.0/8", "ROSTER_PROXY_USER_HEADER", "Remote-User",
		"ROSTER_PROXY_GROUPS_HEADER", "Remote-Groups", "ROSTER_PROXY_GROUPS_SEPARATOR", ",", "ROSTER_EDITOR_GROUPS", "editors",
	}
	jwtEnv = []string{
		"ROSTER_AUTH_MODE", "proxy-jwt", "ROSTER_TRUSTED_PROXIES", "10.0.0.0/8", "ROSTER_PROXY_JWT_HEADER", "X-Token",
		"ROSTER_PROXY_JWT_ISSUER", "https://proxy.example", "ROSTER_PROXY_JWT_AUDIENCE", "roster", "ROSTER_PROXY_JWT_KEYS_URL", "https://proxy.example/keys",
		"ROSTER_EDITOR_GROUPS", "editors",
	}
)

func with(base []string, pairs ...string) []string { return slices.Concat(base, pairs) }

func mustLoad(t *testing.T, pairs ...string) config {
	t.Helper()
	c, err := loadConfig(env(pairs...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestModeToggl(t *testing.T) {
	if c := mustLoad(t); c.AuthMode != "toggl" || c.Policy.Everybody != auth.RoleEditor {
		t.Errorf("by default, mode %s where everybody is %q", c.AuthMode, c.Policy.Everybody)
	}
	c := mustLoad(t, "ROSTER_VIEWERS", "1, 2\n3")
	if diff := cmp.Diff(auth.Policy{Viewers: []string{"1", "2", "3"}}, c.Policy); diff != "" {
		t.Errorf("with a list (-want +got):\n%s", diff)
	}
}

func TestModeOIDC(t *testing.T) {
	c := mustLoad(t, with(oidcEnv, "ROSTER_EDITOR_GROUPS", `["CN=a,OU=b"]`, "ROSTER_EDITORS", "u-1,https://login.example.com/realms/x/ u 2")...)
	got := []any{c.OIDC.Issuer, c.OIDC.ClientID, c.OIDC.ClientSecret, c.OIDC.Scopes, c.OIDC.GroupsClaim, c.OIDC.PublicURL.String(), len(c.OIDC.Keys), c.OIDCRecheck, c.Policy}
	want := []any{
		"https://login.example.com/realms/x/", "roster", "oidc-canary",
		[]string{"openid", "profile", "email"},
		"groups", "http://127.0.0.1:8080", 1, 15 * time.Minute,
		auth.Policy{EditorGroups: []string{"CN=a,OU=b"}, Editors: []string{"u-1", "https://login.example.com/realms/x/ u 2"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestModeProxyHeader(t *testing.T) {
	c := mustLoad(t, with(headerEnv, "ROSTER_PROXY_SECRET", "new-secret-of-proxy, old-secret-of-proxy\n", "ROSTER_PROXY_SIGN_OUT_URL", "https://sso.example/out")...)
	o := c.ProxyHeader
	got := []any{o.UserHeader, o.EmailHeader, o.GroupsHeader, o.GroupsSeparator, o.SignOutURL, o.Peer.SecretHeader, []string(o.Peer.Secrets), o.Policy}
	want := []any{
		"Remote-User", "", "Remote-Groups", ",", "https://sso.example/out", "X-Roster-Proxy-Secret",
		[]string{"new-secret-of-proxy", "old-secret-of-proxy"},
		auth.Policy{EditorGroups: []string{"editors"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestModeProxyJWT(t *testing.T) {
	o := mustLoad(t, with(jwtEnv, "ROSTER_PROXY_JWT_ALGORITHMS", "EdDSA, ES384")...).ProxyJWT
	got := []any{o.Header, o.Issuer, o.Audience, o.KeysURL, o.Algorithms, o.GroupsClaim, o.MaxAge, len(o.Peer.Secrets)}
	want := []any{"X-Token", "https://proxy.example", "roster", "https://proxy.example/keys", []string{"EdDSA", "ES384"}, "groups", 24 * time.Hour, 0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestShared: one connection for everybody, from files.
func TestShared(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("track-canary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := mustLoad(t, with(oidcEnv, "ROSTER_SHARED_TRACK_TOKEN_FILE", file, "ROSTER_SHARED_FOCUS_KEY", "focus-canary")...)
	if c.SharedTrack.APIToken != "track-canary" || c.SharedFocusKey != "focus-canary" {
		t.Error("the shared connection was not read")
	}
}

// TestModeFaults: half a mode, a setting of another and whatever can't work is refused
// with the setting's name, and never with a secret.
func TestModeFaults(t *testing.T) {
	without := func(base []string, names ...string) []string {
		for _, name := range names {
			base = with(base, name, "")
		}
		return base
	}
	for name, test := range map[string]struct {
		pairs []string
		want  string
	}{
		"oidc alone":                          {[]string{"ROSTER_AUTH_MODE", "oidc"}, "ROSTER_OIDC_ISSUER"},
		"oidc without a client":               {without(oidcEnv, "ROSTER_OIDC_CLIENT_ID"), "ROSTER_OIDC_CLIENT_ID"},
		"oidc without a secret":               {without(oidcEnv, "ROSTER_OIDC_CLIENT_SECRET"), "ROSTER_OIDC_CLIENT_SECRET"},
		"oidc over plain http":                {with(oidcEnv, "ROSTER_OIDC_ISSUER", "http://login.example.com"), "ROSTER_OIDC_ISSUER"},
		"oidc at no address":                  {with(oidcEnv, "ROSTER_OIDC_ISSUER", "login.example.com"), "ROSTER_OIDC_ISSUER"},
		"oidc at an address with a login":     {with(oidcEnv, "ROSTER_OIDC_ISSUER", "https://a:canary@login.example.com"), "ROSTER_OIDC_ISSUER"},
		"oidc rechecked never":                {with(oidcEnv, "ROSTER_OIDC_RECHECK", "0"), "ROSTER_OIDC_RECHECK"},
		"oidc where nobody has a role":        {without(oidcEnv, "ROSTER_EDITOR_GROUPS"), "ROSTER_EDITOR_GROUPS"},
		"oidc with a proxy's preset":          {with(oidcEnv, "ROSTER_PROXY_PRESET", "pomerium"), "ROSTER_PROXY_PRESET"},
		"oidc with a proxy's secret":          {with(oidcEnv, "ROSTER_PROXY_SECRET", "secret-of-proxy-canary"), "ROSTER_PROXY_SECRET"},
		"somebody of another issuer":          {with(oidcEnv, "ROSTER_EDITORS", "https://login.example.com/realms/x u-1"), "ROSTER_EDITORS"},
		"a viewer of another issuer":          {with(oidcEnv, "ROSTER_VIEWERS", "Ana Ono"), "ROSTER_VIEWERS"},
		"a list that is no list":              {with(oidcEnv, "ROSTER_EDITOR_GROUPS", "[a"), "ROSTER_EDITOR_GROUPS"},
		"toggl with a client's secret":        {[]string{"ROSTER_OIDC_CLIENT_SECRET", "oidc-canary"}, "ROSTER_OIDC_CLIENT_SECRET"},
		"toggl with a secret in a file":       {[]string{"ROSTER_OIDC_CLIENT_SECRET_FILE", "/nowhere/canary-file"}, "ROSTER_OIDC_CLIENT_SECRET_FILE"},
		"toggl with groups":                   {[]string{"ROSTER_VIEWER_GROUPS", "staff"}, "ROSTER_VIEWER_GROUPS"},
		"toggl with a shared token":           {[]string{"ROSTER_SHARED_TRACK_TOKEN", "track-canary"}, "ROSTER_SHARED_TRACK_TOKEN"},
		"a shared key without a token":        {with(oidcEnv, "ROSTER_SHARED_FOCUS_KEY", "focus-canary"), "ROSTER_SHARED_TRACK_TOKEN"},
		"headers without a proxy":             {without(headerEnv, "ROSTER_TRUSTED_PROXIES"), "ROSTER_TRUSTED_PROXIES"},
		"headers from everywhere":             {with(headerEnv, "ROSTER_TRUSTED_PROXIES", "0.0.0.0/0"), "ROSTER_TRUSTED_PROXIES"},
		"headers without a user":              {without(headerEnv, "ROSTER_PROXY_USER_HEADER"), "ROSTER_PROXY_USER_HEADER"},
		"headers with an underscore":          {with(headerEnv, "ROSTER_PROXY_USER_HEADER", "Remote_User"), "ROSTER_PROXY_USER_HEADER"},
		"headers without a separator":         {without(headerEnv, "ROSTER_PROXY_GROUPS_SEPARATOR"), "ROSTER_PROXY_GROUPS_SEPARATOR"},
		"a group with the separator":          {with(headerEnv, "ROSTER_VIEWER_GROUPS", `["a,b"]`), "ROSTER_PROXY_GROUPS_SEPARATOR"},
		"groups that nobody sends":            {without(headerEnv, "ROSTER_PROXY_GROUPS_HEADER", "ROSTER_PROXY_GROUPS_SEPARATOR"), "ROSTER_PROXY_GROUPS_HEADER"},
		"headers with a short secret":         {with(headerEnv, "ROSTER_PROXY_SECRET", "long-enough-secret,canary"), "ROSTER_PROXY_SECRET"},
		"a secret's header without a secret":  {with(headerEnv, "ROSTER_PROXY_SECRET_HEADER", "X-S"), "ROSTER_PROXY_SECRET"},
		"headers with a preset for tokens":    {with(headerEnv, "ROSTER_PROXY_PRESET", "cloudflare-access"), "ROSTER_PROXY_PRESET"},
		"headers with an unknown preset":      {with(headerEnv, "ROSTER_PROXY_PRESET", "magic"), "ROSTER_PROXY_PRESET"},
		"headers with a token's setting":      {with(headerEnv, "ROSTER_PROXY_JWT_HEADER", "X-Token"), "ROSTER_PROXY_JWT_HEADER"},
		"headers and a way out to elsewhere":  {with(headerEnv, "ROSTER_PROXY_SIGN_OUT_URL", "//evil.example"), "ROSTER_PROXY_SIGN_OUT_URL"},
		"a token without a header":            {without(jwtEnv, "ROSTER_PROXY_JWT_HEADER"), "ROSTER_PROXY_JWT_HEADER"},
		"a token without an issuer":           {without(jwtEnv, "ROSTER_PROXY_JWT_ISSUER"), "ROSTER_PROXY_JWT_ISSUER"},
		"a token without an audience":         {without(jwtEnv, "ROSTER_PROXY_JWT_AUDIENCE"), "ROSTER_PROXY_JWT_AUDIENCE"},
		"a token without keys":                {without(jwtEnv, "ROSTER_PROXY_JWT_KEYS_URL"), "ROSTER_PROXY_JWT_KEYS_URL"},
		"a token with keys over plain http":   {with(jwtEnv, "ROSTER_PROXY_JWT_KEYS_URL", "http://proxy.example/keys"), "ROSTER_PROXY_JWT_KEYS_URL"},
		"a token that may be unsigned":        {with(jwtEnv, "ROSTER_PROXY_JWT_ALGORITHMS", "ES256,none"), "ROSTER_PROXY_JWT_ALGORITHMS"},
		"a token that a secret signs":         {with(jwtEnv, "ROSTER_PROXY_JWT_ALGORITHMS", "HS256"), "ROSTER_PROXY_JWT_ALGORITHMS"},
		"a token of any age":                  {with(jwtEnv, "ROSTER_PROXY_JWT_MAX_AGE", "0s"), "ROSTER_PROXY_JWT_MAX_AGE"},
		"a token with a header's setting":     {with(jwtEnv, "ROSTER_PROXY_USER_HEADER", "X-User"), "ROSTER_PROXY_USER_HEADER"},
		"groups that a preset knows are none": {with(jwtEnv, "ROSTER_PROXY_PRESET", "google-iap"), "ROSTER_PROXY_JWT_GROUPS_CLAIM"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadConfig(env(test.pairs...))
			if err == nil || !strings.Contains(err.Error(), test.want+":") {
				t.Fatalf("error %v doesn't name %s", err, test.want)
			}
			if strings.Contains(strings.ReplaceAll(err.Error(), "canary-file", ""), "canary") {
				t.Errorf("the error %q holds a secret", err)
			}
		})
	}
}

// TestModeFaultsTogether: nobody has to start Roster once for each.
func TestModeFaultsTogether(t *testing.T) {
	for _, test := range []struct{ pairs, want []string }{
		{
			[]string{"ROSTER_AUTH_MODE", "oidc", "ROSTER_PROXY_USER_HEADER", "x"},
			[]string{"ROSTER_OIDC_ISSUER", "ROSTER_OIDC_CLIENT_ID", "ROSTER_OIDC_CLIENT_SECRET", "ROSTER_EDITOR_GROUPS", "ROSTER_PROXY_USER_HEADER"},
		},
		{
			[]string{"ROSTER_AUTH_MODE", "proxy-header", "ROSTER_PROXY_EMAIL_HEADER", "a b", "ROSTER_OIDC_ISSUER", "x", "ROSTER_PROXY_SECRET", "x"},
			[]string{"ROSTER_TRUSTED_PROXIES", "ROSTER_PROXY_USER_HEADER", "ROSTER_PROXY_EMAIL_HEADER", "ROSTER_OIDC_ISSUER", "ROSTER_EDITOR_GROUPS", "ROSTER_PROXY_SECRET"},
		},
		{
			[]string{"ROSTER_AUTH_MODE", "proxy-jwt", "ROSTER_PROXY_JWT_ALGORITHMS", "none"},
			[]string{"ROSTER_TRUSTED_PROXIES", "ROSTER_PROXY_JWT_HEADER", "ROSTER_PROXY_JWT_ISSUER", "ROSTER_PROXY_JWT_AUDIENCE", "ROSTER_PROXY_JWT_KEYS_URL", "ROSTER_PROXY_JWT_ALGORITHMS"},
		},
	} {
		_, err := loadConfig(env(test.pairs...))
		for _, name := range test.want {
			if err == nil || strings.Count(err.Error(), name+":") != 1 {
				t.Errorf("%s: the error doesn't name %s once:\n%v", test.pairs[1], name, err)
			}
		}
	}
}

// TestPresets: each fills what is missing for its proxy, and nothing that is set.
func TestPresets(t *testing.T) {
	base := []string{"ROSTER_PUBLIC_URL", "https://roster.example.com:8443", "ROSTER_TRUSTED_PROXIES", "10.0.0.0/8", "ROSTER_EDITORS", "u-1"}
	given := map[string][]string{ // what only the operator knows
		"proxy-jwt oauth2-proxy":      {"ROSTER_PROXY_JWT_ISSUER", "https://id.example", "ROSTER_PROXY_JWT_AUDIENCE", "roster", "ROSTER_PROXY_JWT_KEYS_URL", "https://id.example/keys"},
		"proxy-jwt authentik":         {"ROSTER_PROXY_JWT_ISSUER", "https://id.example/application/o/roster/", "ROSTER_PROXY_JWT_AUDIENCE", "roster"},
		"proxy-jwt cloudflare-access": {"ROSTER_PROXY_JWT_ISSUER", "https://team.cloudflareaccess.com", "ROSTER_PROXY_JWT_AUDIENCE", "tag"},
		"proxy-jwt google-iap":        {"ROSTER_PROXY_JWT_AUDIENCE", "/projects/1/global/backendServices/2"},
	}
	keys := map[string]string{
		"proxy-jwt authentik":         "https://id.example/application/o/roster/jwks/",
		"proxy-jwt cloudflare-access": "https://team.cloudflareaccess.com/cdn-cgi/access/certs",
		"proxy-jwt pomerium":          "https://roster.example.com:8443/.well-known/pomerium/jwks.json",
	}
	for name, byMode := range presets {
		for mode := range byMode {
			t.Run(mode+" "+name, func(t *testing.T) {
				pairs := with(base, "ROSTER_AUTH_MODE", mode, "ROSTER_PROXY_PRESET", name)
				c := mustLoad(t, with(pairs, given[mode+" "+name]...)...)
				if want := keys[mode+" "+name]; want != "" && c.ProxyJWT.KeysURL != want {
					t.Errorf("keys are at %s, want %s", c.ProxyJWT.KeysURL, want)
				}
				c = mustLoad(t, with(with(pairs, given[mode+" "+name]...), "ROSTER_PROXY_SIGN_OUT_URL", "/mine")...)
				if got := c.ProxyHeader.SignOutURL + c.ProxyJWT.SignOutURL; got != "/mine" {
					t.Errorf("the preset wins over what is set: %s", got)
				}
			})
		}
	}
	c := mustLoad(t, with(base, "ROSTER_AUTH_MODE", "proxy-jwt", "ROSTER_PROXY_PRESET", "pomerium")...)
	if c.ProxyJWT.Issuer != "roster.example.com" || c.ProxyJWT.Audience != "roster.example.com" {
		t.Errorf("pomerium names %s and %s", c.ProxyJWT.Issuer, c.ProxyJWT.Audience)
	}
}

// TestPresetsNameSettings: a misspelt one would fill nothing.
func TestPresetsNameSettings(t *testing.T) {
	for name, byMode := range presets {
		for mode, values := range byMode {
			for setting := range values {
				if !slices.ContainsFunc(settings, func(g settingGroup) bool { return g.belongsTo(mode) && g.has(setting) }) {
					t.Errorf("%s for %s fills %s, which is no setting of it", name, mode, setting)
				}
			}
		}
	}
	for option, setting := range proxyOptions {
		if !slices.ContainsFunc(settings, func(g settingGroup) bool { return g.has(setting) }) {
			t.Errorf("option %s is of %s, which is no setting", option, setting)
		}
	}
}

func (g settingGroup) has(name string) bool {
	return slices.ContainsFunc(g.Settings, func(s setting) bool { return s.Name == name })
}
