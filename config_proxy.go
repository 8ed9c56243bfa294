package main

import (
	"errors"
	"strings"

	"roster/auth"
)

// proxy reads the two modes in which a proxy says who somebody is.
func (l *loader) proxy() {
	c := &l.config
	l.fill()
	peer := auth.ProxyPeer{Trusted: c.TrustedProxies, SecretHeader: l.values["ROSTER_PROXY_SECRET_HEADER"]}
	for secret := range strings.FieldsFuncSeq(l.values["ROSTER_PROXY_SECRET"], func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		peer.Secrets = append(peer.Secrets, strings.TrimSpace(secret))
	}
	if len(peer.Secrets) == 0 && l.given["ROSTER_PROXY_SECRET_HEADER"] {
		l.check("ROSTER_PROXY_SECRET", errors.New("is needed beside ROSTER_PROXY_SECRET_HEADER"))
	}
	if c.AuthMode == modeProxyHeader {
		l.proxyHeader(peer)
		return
	}
	l.proxyJWT(peer)
}

func (l *loader) proxyHeader(peer auth.ProxyPeer) {
	c := &l.config
	c.ProxyHeader = auth.ProxyHeaderOptions{
		Peer: peer, Policy: c.Policy, SignOutURL: l.values["ROSTER_PROXY_SIGN_OUT_URL"],
		UserHeader: l.values["ROSTER_PROXY_USER_HEADER"], EmailHeader: l.values["ROSTER_PROXY_EMAIL_HEADER"],
		NameHeader: l.values["ROSTER_PROXY_NAME_HEADER"], GroupsHeader: l.values["ROSTER_PROXY_GROUPS_HEADER"],
		GroupsSeparator: l.values["ROSTER_PROXY_GROUPS_SEPARATOR"],
	}
	_, err := auth.NewProxyHeader(c.ProxyHeader)
	l.optionFaults(err)
}

func (l *loader) proxyJWT(peer auth.ProxyPeer) {
	c := &l.config
	c.ProxyJWT = auth.ProxyJWTOptions{
		Peer: peer, Policy: c.Policy, SignOutURL: l.values["ROSTER_PROXY_SIGN_OUT_URL"],
		Header: l.values["ROSTER_PROXY_JWT_HEADER"], Issuer: l.values["ROSTER_PROXY_JWT_ISSUER"],
		Audience: l.values["ROSTER_PROXY_JWT_AUDIENCE"], KeysURL: l.values["ROSTER_PROXY_JWT_KEYS_URL"],
		GroupsClaim: l.values["ROSTER_PROXY_JWT_GROUPS_CLAIM"], MaxAge: l.duration("ROSTER_PROXY_JWT_MAX_AGE"),
		Algorithms: strings.FieldsFunc(l.values["ROSTER_PROXY_JWT_ALGORITHMS"], func(r rune) bool { return r == ',' || r == ' ' }),
	}
	_, err := auth.NewProxyJWT(c.ProxyJWT)
	l.optionFaults(err)
}

// proxyOptions are the settings of the options of package auth, where both or either
// of the modes have them.
var proxyOptions = map[string]string{ //nolint:gosec // names of settings, not their values
	"Trusted": "ROSTER_TRUSTED_PROXIES", "Secrets": "ROSTER_PROXY_SECRET", "SecretHeader": "ROSTER_PROXY_SECRET_HEADER", "SignOutURL": "ROSTER_PROXY_SIGN_OUT_URL",
	"UserHeader": "ROSTER_PROXY_USER_HEADER", "EmailHeader": "ROSTER_PROXY_EMAIL_HEADER", "NameHeader": "ROSTER_PROXY_NAME_HEADER",
	"GroupsHeader": "ROSTER_PROXY_GROUPS_HEADER", "GroupsSeparator": "ROSTER_PROXY_GROUPS_SEPARATOR",
	"Header": "ROSTER_PROXY_JWT_HEADER", "Issuer": "ROSTER_PROXY_JWT_ISSUER", "Audience": "ROSTER_PROXY_JWT_AUDIENCE", "KeysURL": "ROSTER_PROXY_JWT_KEYS_URL",
	"Algorithms": "ROSTER_PROXY_JWT_ALGORITHMS", "GroupsClaim": "ROSTER_PROXY_JWT_GROUPS_CLAIM", "MaxAge": "ROSTER_PROXY_JWT_MAX_AGE",
}

// optionFaults reports every fault in what err joins under the setting's name.
func (l *loader) optionFaults(err error) {
	var option *auth.OptionError
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			l.optionFaults(one)
		}
	} else if errors.As(err, &option) {
		if option.Option == "Trusted" && l.given["ROSTER_TRUSTED_PROXIES"] {
			return // it is reported already that they can't be read
		}
		l.check(proxyOptions[option.Option], option.Err)
	} else if err != nil {
		l.check("ROSTER_AUTH_MODE", err)
	}
}
