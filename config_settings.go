package main

import "slices"

// The ways to sign in. Exactly one is active.
const (
	modeToggl       = "toggl"
	modeOIDC        = "oidc"
	modeProxyHeader = "proxy-header"
	modeProxyJWT    = "proxy-jwt"
)

var (
	modes      = []string{modeToggl, modeOIDC, modeProxyHeader, modeProxyJWT}
	ssoModes   = []string{modeOIDC, modeProxyHeader, modeProxyJWT}
	proxyModes = []string{modeProxyHeader, modeProxyJWT}
)

// setting describes one environment variable: the README's tables are checked
// against this list. A secret can also be given as NAME_FILE, the path of a
// file that holds it.
type setting struct {
	Name    string
	Default string
	Secret  bool
	Meaning string
}

// settingGroup is a table of the README: settings that belong to some modes
// alone, or to all.
type settingGroup struct {
	Title    string
	Modes    []string // empty: all
	Settings []setting
}

func (g settingGroup) belongsTo(mode string) bool {
	return len(g.Modes) == 0 || slices.Contains(g.Modes, mode)
}

var settings = []settingGroup{
	{Title: "The server", Settings: []setting{
		{"ROSTER_ADDR", "127.0.0.1:8080", false, "Address and port to listen on"},
		{"ROSTER_PUBLIC_URL", "", false, "Address under which browsers reach Roster; needed unless it listens on loopback, where it is `http://` and `ROSTER_ADDR`"},
		{"ROSTER_TRUSTED_PROXIES", "", false, "Networks (CIDR, separated by commas) of reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; in the modes of a proxy, those that say who somebody is"},
		{"ROSTER_ALLOW_PLAIN_HTTP", "false", false, "`true` allows a public address, and an OpenID issuer, with plain http that is not loopback: cookies and credentials then travel unencrypted"},
		{"ROSTER_DATABASE_URL", "sqlite:roster.db", true, "Where sessions, change sets and activity are kept: `sqlite:` and a path, or a `postgres://` address"},
		{"ROSTER_METRICS_ADDR", "", false, "Address and port for Prometheus metrics at `/metrics`; off when empty"},
		{"ROSTER_LOG_LEVEL", "info", false, "`debug`, `info`, `warn` or `error`"},
	}},
	{Title: "Toggl", Settings: []setting{
		{"ROSTER_TRACK_URL", "https://api.track.toggl.com/api/v9", false, "Base address of the Toggl Track API"},
		{"ROSTER_FOCUS_URL", "https://focus.toggl.com/api", false, "Base address of the Toggl Focus API"},
		{"ROSTER_TOGGL_RATE", "1", false, "Requests a second that are sent to Toggl for one person; Toggl calls 1 safe"},
	}},
	{Title: "Signing in", Settings: []setting{
		{"ROSTER_SECRET_KEYS", "", true, "Master keys that seal sessions, 32 bytes each as base64 or hex, newest first, separated by commas; required"},
		{"ROSTER_AUTH_MODE", modeToggl, false, "How people sign in: `toggl` (with their Toggl credentials), `oidc` (at an OpenID provider), `proxy-header` or `proxy-jwt` (at a proxy in front, which says who they are in plain headers or in a signed token). A setting of another mode is refused"},
		{"ROSTER_SESSION_IDLE", "30m", false, "A session ends after this long without a request"},
		{"ROSTER_SESSION_ABSOLUTE", "8h", false, "A session ends this long after sign-in"},
		{"ROSTER_EDITORS", "", false, "Who may change things: what the provider or proxy calls them (the claim `sub`, the user's header), or the issuer, a space and that. Separated by commas, or a JSON array of texts, as are all lists of people and groups. In mode `toggl`, everybody may as long as there is no list"},
		{"ROSTER_VIEWERS", "", false, "Who may look and change nothing"},
	}},
	{Title: "Groups and a shared connection, in every mode but `toggl`", Modes: ssoModes, Settings: []setting{
		{"ROSTER_EDITOR_GROUPS", "", false, "Groups whose members may change things. At least one of the four lists is needed: who is in none sees a page that says so"},
		{"ROSTER_VIEWER_GROUPS", "", false, "Groups whose members may look and change nothing"},
		{"ROSTER_SHARED_TRACK_TOKEN", "", true, "One Toggl Track token for everybody, in place of everybody's own: Toggl then sees one name, and only Roster's log of activity knows who did what"},
		{"ROSTER_SHARED_FOCUS_KEY", "", true, "One Toggl Focus API key for everybody, beside that token"},
	}},
	{Title: "Mode `oidc`", Modes: []string{modeOIDC}, Settings: []setting{
		{"ROSTER_OIDC_ISSUER", "", false, "The provider's address, exactly as its discovery document says it; required"},
		{"ROSTER_OIDC_CLIENT_ID", "", false, "Roster's name at the provider; required"},
		{"ROSTER_OIDC_CLIENT_SECRET", "", true, "Roster's secret at the provider; required"},
		{"ROSTER_OIDC_SCOPES", "openid profile email", false, "What is asked for, separated by spaces. Many providers want one more for groups, and `offline_access` if roles are to be read again without the person"},
		{"ROSTER_OIDC_GROUPS_CLAIM", "groups", false, "The claim that holds the groups, an array of texts"},
		{"ROSTER_OIDC_RECHECK", "15m", false, "How often the provider is asked again who somebody is and what groups they are in; without a refresh token they sign in again"},
	}},
	{Title: "Modes `proxy-header` and `proxy-jwt`", Modes: proxyModes, Settings: []setting{
		{"ROSTER_PROXY_PRESET", "", false, "Fills what is not set for `oauth2-proxy` or `authentik` (both modes), `cloudflare-access`, `google-iap` or `pomerium` (`proxy-jwt`)"},
		{"ROSTER_PROXY_SECRET", "", true, "What the proxy sends to prove that it is the proxy, 16 characters at least; several are separated by commas, while one replaces the other"},
		{"ROSTER_PROXY_SECRET_HEADER", "X-Roster-Proxy-Secret", false, "The header that it sends it in"},
		{"ROSTER_PROXY_SIGN_OUT_URL", "", false, "Where the proxy ends its own session: a path that it answers, or an address with https"},
	}},
	{Title: "Mode `proxy-header`", Modes: []string{modeProxyHeader}, Settings: []setting{
		{"ROSTER_PROXY_USER_HEADER", "", false, "The header that says who it is, by something that never changes nor goes to somebody else; required"},
		{"ROSTER_PROXY_EMAIL_HEADER", "", false, "The header with their e-mail address, which is shown and nothing else"},
		{"ROSTER_PROXY_NAME_HEADER", "", false, "The header with their name"},
		{"ROSTER_PROXY_GROUPS_HEADER", "", false, "The header with their groups"},
		{"ROSTER_PROXY_GROUPS_SEPARATOR", "", false, "What stands between groups, and in no group's name: who may name a group `x,admins` would else be in `admins`. `json`: the header holds a JSON array of texts, which has no such trouble"},
	}},
	{Title: "Mode `proxy-jwt`", Modes: []string{modeProxyJWT}, Settings: []setting{
		{"ROSTER_PROXY_JWT_HEADER", "", false, "The header that holds the token (after `Bearer` in `Authorization`); required"},
		{"ROSTER_PROXY_JWT_ISSUER", "", false, "What the token must have in `iss`; required"},
		{"ROSTER_PROXY_JWT_AUDIENCE", "", false, "What the token must have in `aud`, which names Roster; required"},
		{"ROSTER_PROXY_JWT_KEYS_URL", "", false, "Where the proxy's public keys are; required"},
		{"ROSTER_PROXY_JWT_ALGORITHMS", "ES256,RS256", false, "Algorithms of signatures that are accepted: any of ES, RS and PS with 256, 384 or 512, and `EdDSA`"},
		{"ROSTER_PROXY_JWT_GROUPS_CLAIM", "groups", false, "The claim that holds the groups, an array of texts; dots lead into objects (`custom.groups`)"},
		{"ROSTER_PROXY_JWT_MAX_AGE", "24h", false, "How long after it was issued a token is accepted at the longest"},
	}},
}
