package auth

import (
	"errors"
	"net/http"
	"slices"
)

// IssuerProxyHeader is the [Identity.Issuer] of whoever a proxy names in plain headers.
const IssuerProxyHeader = "proxy-header"

// ProxyHeaderOptions configure a [ProxyHeader].
type ProxyHeaderOptions struct {
	Peer ProxyPeer
	// UserHeader holds who it is: what never changes and never goes to somebody else.
	// Required. EmailHeader, NameHeader and GroupsHeader may be empty.
	UserHeader, EmailHeader, NameHeader, GroupsHeader string
	// GroupsSeparator stands between groups. With [SeparatorJSON] the header holds an
	// array of texts, the only form in which a group's name may hold anything.
	GroupsSeparator string
	// SignOutURL is where the proxy ends its own session; may be empty.
	SignOutURL string
	// Policy is what the groups are compared with: it must be possible for them to match.
	Policy Policy
}

// A ProxyHeader reads from plain headers who the proxy in front says it is, anew for
// each request. It is safe for concurrent use.
type ProxyHeader struct {
	options  ProxyHeaderOptions
	identity []string
}

// NewProxyHeader returns a reader of the headers, or all faults of the options, each an
// [*OptionError], as errors.Join does.
func NewProxyHeader(o ProxyHeaderOptions) (*ProxyHeader, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	headers := []string{o.UserHeader, o.EmailHeader, o.NameHeader, o.GroupsHeader}
	return &ProxyHeader{options: o, identity: slices.DeleteFunc(headers, func(name string) bool { return name == "" })}, nil
}

func (o ProxyHeaderOptions) validate() error {
	faults := append(o.Peer.validate(), checkSignOut(o.SignOutURL))
	used := []string{o.Peer.SecretHeader}
	for _, header := range []struct{ option, name string }{
		{"UserHeader", o.UserHeader}, {"EmailHeader", o.EmailHeader}, {"NameHeader", o.NameHeader}, {"GroupsHeader", o.GroupsHeader},
	} {
		if header.name == "" && header.option != "UserHeader" {
			continue
		}
		faults = append(faults, checkHeaderName(header.option, header.name))
		if slices.ContainsFunc(used, func(name string) bool { return sameHeader(name, header.name) }) {
			faults = append(faults, badOption(header.option, "names a header that something else is read from"))
		}
		used = append(used, header.name)
	}
	return errors.Join(append(faults, o.validateGroups()...)...)
}

// Identify returns who the request is from. Its errors are [ErrUntrustedPeer],
// [ErrNoIdentity] and [ErrBadIdentity], and hold nothing of what the headers say.
func (p *ProxyHeader) Identify(r *http.Request) (Identity, error) {
	if err := p.options.Peer.check(r, p.identity); err != nil {
		return Identity{}, err
	}
	i, err := p.read(r.Header)
	if err != nil {
		return Identity{}, err
	}
	if i.Subject == "" {
		return Identity{}, ErrNoIdentity
	}
	return i, nil
}

func (p *ProxyHeader) read(h http.Header) (Identity, error) {
	user, err := single(oneHeader(h, p.options.UserHeader, maxSubject))
	if err != nil {
		return Identity{}, err
	}
	email, err := single(oneHeader(h, p.options.EmailHeader, maxEmail))
	if err != nil {
		return Identity{}, err
	}
	name, err := nameHeader(h, p.options.NameHeader)
	if err != nil {
		return Identity{}, err
	}
	groups, known, err := p.groups(h)
	if err != nil {
		return Identity{}, err
	}
	return Identity{Issuer: IssuerProxyHeader, Subject: user, Name: name, Email: email, Groups: groups, GroupsKnown: known}, nil
}

// SignOutURL is where the proxy ends its own session; empty if nowhere.
func (p *ProxyHeader) SignOutURL() string { return p.options.SignOutURL }
