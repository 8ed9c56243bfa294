package auth

// An Identity is who somebody is in the words of what signed them in.
type Identity struct {
	// Issuer and Subject together are the person, for ever: an OpenID provider's
	// address and its "sub", or the name of the mode and what the proxy calls them.
	// An e-mail address is never taken for one, for it can go to somebody else.
	Issuer, Subject string
	Name, Email     string
	Groups          []string
	// GroupsKnown is false where groups were to be said and weren't: that gives
	// no role, and is told apart from being in none.
	GroupsKnown bool
}

// Key is the identity as one string, which no other identity has: it is the
// [Session.Subject].
func (i Identity) Key() string { return i.Issuer + " " + i.Subject }
