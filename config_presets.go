package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// preset is what a proxy's makers have decided, by setting. In the values, {public}
// stands for the public address, {host} for its host and {issuer} for the issuer
// without a slash at its end.
type preset map[string]string

// presets only fill what is not set. They are by name and mode: a proxy that sends no
// stable name of the person in a plain header, or none that is its own, has none for
// headers.
var presets = map[string]map[string]preset{
	"oauth2-proxy": {
		modeProxyHeader: {
			"ROSTER_PROXY_USER_HEADER":      "X-Forwarded-User",
			"ROSTER_PROXY_EMAIL_HEADER":     "X-Forwarded-Email",
			"ROSTER_PROXY_NAME_HEADER":      "X-Forwarded-Preferred-Username",
			"ROSTER_PROXY_GROUPS_HEADER":    "X-Forwarded-Groups",
			"ROSTER_PROXY_GROUPS_SEPARATOR": ",",
			"ROSTER_PROXY_SIGN_OUT_URL":     "/oauth2/sign_out",
		},
		modeProxyJWT: { // with --pass-authorization-header; the token is the provider's
			"ROSTER_PROXY_JWT_HEADER":   "Authorization",
			"ROSTER_PROXY_SIGN_OUT_URL": "/oauth2/sign_out",
		},
	},
	"authentik": {
		modeProxyHeader: {
			"ROSTER_PROXY_USER_HEADER":      "X-Authentik-Uid",
			"ROSTER_PROXY_EMAIL_HEADER":     "X-Authentik-Email",
			"ROSTER_PROXY_NAME_HEADER":      "X-Authentik-Name",
			"ROSTER_PROXY_GROUPS_HEADER":    "X-Authentik-Groups",
			"ROSTER_PROXY_GROUPS_SEPARATOR": "|",
			"ROSTER_PROXY_SIGN_OUT_URL":     "/outpost.goauthentik.io/sign_out",
		},
		modeProxyJWT: {
			"ROSTER_PROXY_JWT_HEADER":   "X-Authentik-Jwt",
			"ROSTER_PROXY_JWT_KEYS_URL": "{issuer}/jwks/",
			"ROSTER_PROXY_SIGN_OUT_URL": "/outpost.goauthentik.io/sign_out",
		},
	},
	"cloudflare-access": {modeProxyJWT: {
		"ROSTER_PROXY_JWT_HEADER":       "Cf-Access-Jwt-Assertion",
		"ROSTER_PROXY_JWT_KEYS_URL":     "{issuer}/cdn-cgi/access/certs",
		"ROSTER_PROXY_JWT_ALGORITHMS":   "RS256",
		"ROSTER_PROXY_JWT_GROUPS_CLAIM": "custom.groups",
		"ROSTER_PROXY_SIGN_OUT_URL":     "/cdn-cgi/access/logout",
	}},
	"google-iap": {modeProxyJWT: {
		"ROSTER_PROXY_JWT_HEADER":       "X-Goog-Iap-Jwt-Assertion",
		"ROSTER_PROXY_JWT_ISSUER":       "https://cloud.google.com/iap",
		"ROSTER_PROXY_JWT_KEYS_URL":     "https://www.gstatic.com/iap/verify/public_key-jwk",
		"ROSTER_PROXY_JWT_ALGORITHMS":   "ES256",
		"ROSTER_PROXY_JWT_GROUPS_CLAIM": "", // it says nothing on groups
		"ROSTER_PROXY_JWT_MAX_AGE":      "15m",
		"ROSTER_PROXY_SIGN_OUT_URL":     "/?gcp-iap-mode=CLEAR_LOGIN_COOKIE",
	}},
	"pomerium": {modeProxyJWT: {
		"ROSTER_PROXY_JWT_HEADER":   "X-Pomerium-Jwt-Assertion",
		"ROSTER_PROXY_JWT_ISSUER":   "{host}",
		"ROSTER_PROXY_JWT_AUDIENCE": "{host}",
		"ROSTER_PROXY_JWT_KEYS_URL": "{public}/.well-known/pomerium/jwks.json",
		"ROSTER_PROXY_SIGN_OUT_URL": "/.pomerium/sign_out",
	}},
}

// fill takes from the preset what is not given.
func (l *loader) fill() {
	name := l.values["ROSTER_PROXY_PRESET"]
	if name == "" {
		return
	}
	values, ok := presets[name][l.config.AuthMode]
	if !ok {
		var fitting []string
		for _, other := range slices.Sorted(maps.Keys(presets)) {
			if _, ok := presets[other][l.config.AuthMode]; ok {
				fitting = append(fitting, other)
			}
		}
		l.check("ROSTER_PROXY_PRESET", fmt.Errorf("%q is none for %s: %s", name, l.config.AuthMode, strings.Join(fitting, ", ")))
		return
	}
	issuer := strings.TrimRight(l.values["ROSTER_PROXY_JWT_ISSUER"], "/")
	var public, host string
	if l.config.PublicURL != nil {
		public, host = l.config.PublicURL.String(), l.config.PublicURL.Hostname()
	}
	replacer := strings.NewReplacer("{issuer}", issuer, "{public}", public, "{host}", host)
	for setting, value := range values {
		if !l.given[setting] {
			l.values[setting] = replacer.Replace(value)
		}
	}
}
