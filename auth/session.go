// Package auth knows who is signed in: sessions and kept connections sealed over
// package store, the checks that a request passes before it may change anything, and
// what a proxy in front may say about it. It works on net/http types alone.
package auth

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// ErrSessionGone means that the session has ended meanwhile: signed out, revoked or
// expired. What was to be saved is not saved.
var ErrSessionGone = errors.New("auth: the session has ended")

// A Session is what Roster knows about somebody who is signed in. It holds secrets:
// it prints and marshals as "[redacted]".
type Session struct {
	Subject string // who it is, unique and stable; never changes within a session
	Issuer  string // whose word that is, see [Identity.Issuer]; empty: Toggl's
	Role    Role   // what they may do in Roster
	// GroupsUnknown: roles are given by group, and groups weren't said, which may be why
	// there is no role.
	GroupsUnknown bool
	Name          string
	Email         string

	UserID   int64  // Toggl's number of the account that is connected; 0: none is
	Account  string // what that account is called, where it isn't Name
	TimeZone string // IANA name

	Track           TrackCredentials
	FocusKey        string // empty: Toggl Focus is not connected
	FocusKeyAddedAt time.Time
	// FocusOrganizations maps a Track organization id to the Focus one where it differs.
	FocusOrganizations map[int64]int64

	Organizations []Organization
	SignedInAt    time.Time        // set by SignIn
	Provider      *ProviderSession // nil: not signed in through an OpenID provider
	Demo          bool
	Flash         []Flash // to show once, on the next page
}

// TrackCredentials sign a person in at Toggl Track: an API token, or e-mail and
// password. It prints and marshals as "[redacted]".
type TrackCredentials struct {
	APIToken string
	Email    string
	Password string
}

// An Organization is one that the person belongs to, as of the sign-in.
type Organization struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Plan  string `json:"plan,omitempty"`
	Owner bool   `json:"owner,omitempty"`
	Admin bool   `json:"admin,omitempty"`
}

// A Flash is a message for the next page.
type Flash struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// redacted is what is printed in place of anything that holds a secret. The types
// that do have all of these methods: String and GoString for those who call them,
// Format because other verbs (%d) would print the fields, MarshalText for encoders,
// LogValue for slog.
const redacted = "[redacted]"

func formatRedacted(f fmt.State) { _, _ = io.WriteString(f, redacted) }

// String redacts.
func (Session) String() string { return redacted }

// GoString redacts.
func (Session) GoString() string { return redacted }

// Format redacts under every verb.
func (Session) Format(f fmt.State, _ rune) { formatRedacted(f) }

// MarshalText redacts.
func (Session) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue redacts.
func (Session) LogValue() slog.Value { return slog.StringValue(redacted) }

// String redacts.
func (TrackCredentials) String() string { return redacted }

// GoString redacts.
func (TrackCredentials) GoString() string { return redacted }

// Format redacts under every verb.
func (TrackCredentials) Format(f fmt.State, _ rune) { formatRedacted(f) }

// MarshalText redacts.
func (TrackCredentials) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue redacts.
func (TrackCredentials) LogValue() slog.Value { return slog.StringValue(redacted) }
