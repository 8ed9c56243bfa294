package main

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"roster/auth"
)

// signIn reads the mode, and of the settings that belong to modes those of this one.
func (l *loader) signIn() {
	c := &l.config
	c.AuthMode = l.values["ROSTER_AUTH_MODE"]
	if !slices.Contains(modes, c.AuthMode) {
		l.check("ROSTER_AUTH_MODE", fmt.Errorf("%q is none of %s", c.AuthMode, strings.Join(modes, ", ")))
		return
	}
	l.refuseOtherModes()
	l.policy()
	switch c.AuthMode {
	case modeOIDC:
		l.oidc()
	case modeProxyHeader, modeProxyJWT:
		l.proxy()
	}
	l.identities()
	l.shared()
}

// refuseOtherModes reports settings that would have no effect: whoever set them thinks
// that they have.
func (l *loader) refuseOtherModes() {
	for _, group := range settings {
		if group.belongsTo(l.config.AuthMode) {
			continue
		}
		for _, s := range group.Settings {
			if l.given[s.Name] {
				l.check(s.Name, fmt.Errorf("is for ROSTER_AUTH_MODE %s, which is %s", strings.Join(group.Modes, " or "), l.config.AuthMode))
			}
		}
	}
}

// policy reads who may do what. Without any list, those who sign in with Toggl
// credentials of their own may do what Toggl lets them; nobody else may do anything.
func (l *loader) policy() {
	p := &l.config.Policy
	empty := true
	for _, s := range []struct {
		name  string
		names *[]string
	}{
		{"ROSTER_EDITORS", &p.Editors},
		{"ROSTER_VIEWERS", &p.Viewers},
		{"ROSTER_EDITOR_GROUPS", &p.EditorGroups},
		{"ROSTER_VIEWER_GROUPS", &p.ViewerGroups},
	} {
		var err error
		*s.names, err = list(l.values[s.name])
		l.check(s.name, err)
		empty = empty && err == nil && len(*s.names) == 0
	}
	switch {
	case empty && l.config.AuthMode == modeToggl:
		p.Everybody = auth.RoleEditor
	case empty:
		l.check("ROSTER_EDITOR_GROUPS", errors.New("or one of ROSTER_EDITORS, ROSTER_VIEWER_GROUPS and ROSTER_VIEWERS is needed: without any, nobody has a role"))
	}
}

func (l *loader) oidc() {
	c := &l.config
	l.required("ROSTER_OIDC_ISSUER", "ROSTER_OIDC_CLIENT_ID", "ROSTER_OIDC_CLIENT_SECRET")
	issuer := l.values["ROSTER_OIDC_ISSUER"]
	if issuer != "" {
		l.check("ROSTER_OIDC_ISSUER", issuerAddress(issuer, c.AllowPlainHTTP))
	}
	c.OIDC = auth.OIDCOptions{
		Issuer: issuer, ClientID: l.values["ROSTER_OIDC_CLIENT_ID"], ClientSecret: l.values["ROSTER_OIDC_CLIENT_SECRET"],
		PublicURL: c.PublicURL, Scopes: strings.Fields(l.values["ROSTER_OIDC_SCOPES"]), GroupsClaim: l.values["ROSTER_OIDC_GROUPS_CLAIM"],
		Keys: c.SecretKeys, AllowPlainHTTP: c.AllowPlainHTTP,
	}
	c.OIDCRecheck = l.duration("ROSTER_OIDC_RECHECK")
}

func (l *loader) required(names ...string) {
	for _, name := range names {
		if l.values[name] == "" {
			l.check(name, fmt.Errorf("is needed for ROSTER_AUTH_MODE=%s", l.config.AuthMode))
		}
	}
}

// issuerAddress leaves the address as it is: a slash at its end is part of the name.
func issuerAddress(issuer string, allowPlain bool) error {
	u, err := url.Parse(issuer)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("must be an address such as https://login.example.com/realm, without credentials")
	case u.Scheme == "http" && !loopback(u.Host) && !allowPlain:
		return errors.New("must be https: whoever can listen on plain http could sign in as anybody")
	}
	return nil
}

// identities reports entries that name somebody of another issuer: they'd never hold.
func (l *loader) identities() {
	var issuer string
	switch l.config.AuthMode {
	case modeOIDC:
		issuer = l.config.OIDC.Issuer
	case modeProxyHeader:
		issuer = auth.IssuerProxyHeader
	case modeProxyJWT:
		issuer = l.config.ProxyJWT.Issuer
	}
	if issuer == "" {
		return
	}
	l.entries("ROSTER_EDITORS", l.config.Policy.Editors, issuer)
	l.entries("ROSTER_VIEWERS", l.config.Policy.Viewers, issuer)
}

func (l *loader) entries(name string, entries []string, issuer string) {
	for _, entry := range entries {
		if strings.Contains(entry, " ") && !strings.HasPrefix(entry, issuer+" ") {
			l.check(name, fmt.Errorf("%q names nobody: a space stands only after the issuer, which is %q", entry, issuer))
		}
	}
}

// shared reads the connection to Toggl that everybody uses.
func (l *loader) shared() {
	token, key := l.values["ROSTER_SHARED_TRACK_TOKEN"], l.values["ROSTER_SHARED_FOCUS_KEY"]
	if token == "" && key != "" {
		l.check("ROSTER_SHARED_TRACK_TOKEN", errors.New("is needed beside ROSTER_SHARED_FOCUS_KEY"))
	}
	l.config.SharedTrack, l.config.SharedFocusKey = auth.TrackCredentials{APIToken: token}, key
}
