package auth

import "errors"

// How a proxy's word on who somebody is can fail. Everything but ErrNoIdentity and
// ErrKeys is an event for the security log.
var (
	// ErrUntrustedPeer means that identity came from a peer that is no trusted proxy,
	// or without the proxy's secret.
	ErrUntrustedPeer = errors.New("auth: identity from a peer that is no trusted proxy")
	// ErrNoIdentity means that the request says nothing about who sent it.
	ErrNoIdentity = errors.New("auth: no identity")
	// ErrBadIdentity means that what is said is doubtful: said twice, malformed, or in a
	// token that doesn't hold.
	ErrBadIdentity = errors.New("auth: doubtful identity")
)

// An OptionError is a fault in the option of that name.
type OptionError struct {
	Option string
	Err    error
}

// Error says which option is at fault, and why; never the value of a secret.
func (e *OptionError) Error() string { return "auth: option " + e.Option + ": " + e.Err.Error() }

// Unwrap returns what is wrong.
func (e *OptionError) Unwrap() error { return e.Err }

func badOption(option, why string) error { return &OptionError{Option: option, Err: errors.New(why)} }
