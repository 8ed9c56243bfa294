package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"roster/store"
)

const connectionPurpose = "roster/connection/v1"

// ErrConnectionUnreadable means that a connection is kept but can't be opened: its key
// was taken out of the list, or the row was altered. The person has to connect again.
var ErrConnectionUnreadable = errors.New("auth: the kept connection can't be opened")

// A Connection is what a person keeps beyond their session when they tick "keep this
// connection". It prints and marshals as "[redacted]".
type Connection struct {
	Track              TrackCredentials
	FocusKey           string
	FocusKeyAddedAt    time.Time
	FocusOrganizations map[int64]int64 // as in [Session]
	SavedAt            time.Time       // set by Save
}

// connectionContent is a connection as it is sealed.
type connectionContent struct {
	Track              *trackContent   `json:"track,omitempty"`
	Focus              *focusContent   `json:"focus,omitempty"`
	FocusOrganizations map[int64]int64 `json:"focus_organizations,omitempty"`
}

// ConnectionOptions say where connections are kept and under which keys.
type ConnectionOptions struct {
	Store *store.Store
	Keys  Keys             // newest first, see [ParseKeys]
	Now   func() time.Time // nil: time.Now
}

// Connections are kept sealed, each for one subject. It is safe for concurrent use.
type Connections struct {
	rows *store.Store
	ring *keyring
	now  func() time.Time
}

// NewConnections checks the options.
func NewConnections(o ConnectionOptions) (*Connections, error) {
	ring, err := newKeyring(o.Keys)
	if err != nil {
		return nil, err
	}
	if o.Store == nil {
		return nil, errors.New("auth: connections need a store")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Connections{rows: o.Store, ring: ring, now: o.Now}, nil
}

// Save keeps the connection in place of what was kept for the subject.
func (c *Connections) Save(ctx context.Context, subject string, connection Connection) error {
	if subject == "" {
		return errors.New("auth: a connection needs a subject")
	}
	plain, err := json.Marshal(connectionContent{
		Track:              encodeTrack(connection.Track),
		Focus:              encodeFocus(connection.FocusKey, connection.FocusKeyAddedAt),
		FocusOrganizations: connection.FocusOrganizations,
	})
	if err != nil {
		return fmt.Errorf("auth: encode connection: %w", err)
	}
	sealed, err := c.ring.seal(connectionBinding(subject), plain)
	if err != nil {
		return err
	}
	return c.rows.PutConnection(ctx, store.Connection{Subject: subject, Updated: c.now(), Data: sealed})
}

// Load returns what is kept for the subject, or nil, nil when nothing is. It returns
// [ErrConnectionUnreadable] for what can't be opened. What an older key sealed is
// sealed again with the newest.
func (c *Connections) Load(ctx context.Context, subject string) (*Connection, error) {
	row, err := c.rows.Connection(ctx, subject)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	plain, newest, err := c.ring.open(connectionBinding(subject), row.Data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConnectionUnreadable, err)
	}
	var content connectionContent
	if err := json.Unmarshal(plain, &content); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConnectionUnreadable, err)
	}
	if !newest {
		if err := c.reseal(ctx, row, plain); err != nil {
			return nil, err
		}
	}
	connection := &Connection{
		Track: content.Track.decode(), FocusOrganizations: content.FocusOrganizations, SavedAt: row.Updated,
	}
	connection.FocusKey, connection.FocusKeyAddedAt = content.Focus.decode()
	return connection, nil
}

func (c *Connections) reseal(ctx context.Context, row store.Connection, plain []byte) error {
	sealed, err := c.ring.seal(connectionBinding(row.Subject), plain)
	if err != nil {
		return err
	}
	return c.rows.ResealConnection(ctx, row.Subject, row.Data, sealed)
}

// Delete forgets what is kept for the subject. It is no error if there is nothing.
func (c *Connections) Delete(ctx context.Context, subject string) error {
	return c.rows.DeleteConnection(ctx, subject)
}

func connectionBinding(subject string) binding {
	return binding{purpose: connectionPurpose, salt: subject, context: []byte(subject)}
}

// String redacts.
func (Connection) String() string { return redacted }

// GoString redacts.
func (Connection) GoString() string { return redacted }

// Format redacts under every verb.
func (Connection) Format(f fmt.State, _ rune) { formatRedacted(f) }

// MarshalText redacts.
func (Connection) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue redacts.
func (Connection) LogValue() slog.Value { return slog.StringValue(redacted) }
