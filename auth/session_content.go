package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// content is a session as it is sealed. Subject and sign-in stand beside it in the
// row and are bound to it by the seal. Its fields are what [merge] works on: those
// that only make sense together belong into one.
type content struct {
	Issuer             string           `json:"issuer,omitempty"`
	Role               Role             `json:"role,omitempty"`
	GroupsUnknown      bool             `json:"groups_unknown,omitempty"`
	Name               string           `json:"name,omitempty"`
	Email              string           `json:"email,omitempty"`
	UserID             int64            `json:"user_id,omitempty"`
	Account            string           `json:"account,omitempty"`
	TimeZone           string           `json:"time_zone,omitempty"`
	Track              *trackContent    `json:"track,omitempty"`
	Focus              *focusContent    `json:"focus,omitempty"`
	FocusOrganizations map[int64]int64  `json:"focus_organizations,omitempty"`
	Organizations      []Organization   `json:"organizations,omitempty"`
	Provider           *providerContent `json:"provider,omitempty"`
	Demo               bool             `json:"demo,omitempty"`
	Flash              []Flash          `json:"flash,omitempty"`
}

type trackContent struct {
	APIToken string `json:"api_token,omitempty"`
	Email    string `json:"email,omitempty"`
	Password string `json:"password,omitempty"`
}

type focusContent struct {
	Key     string    `json:"key"`
	AddedAt time.Time `json:"added_at,omitzero"`
}

func encodeTrack(c TrackCredentials) *trackContent {
	if c == (TrackCredentials{}) {
		return nil
	}
	t := trackContent(c)
	return &t
}

func (t *trackContent) decode() TrackCredentials {
	if t == nil {
		return TrackCredentials{}
	}
	return TrackCredentials(*t)
}

func encodeFocus(key string, addedAt time.Time) *focusContent {
	if key == "" && addedAt.IsZero() {
		return nil
	}
	return &focusContent{Key: key, AddedAt: addedAt}
}

func (f *focusContent) decode() (key string, addedAt time.Time) {
	if f == nil {
		return "", time.Time{}
	}
	return f.Key, f.AddedAt
}

func encodeSession(s *Session) ([]byte, error) {
	data, err := json.Marshal(content{
		Issuer: s.Issuer, Role: s.Role, GroupsUnknown: s.GroupsUnknown, Name: s.Name, Email: s.Email,
		UserID: s.UserID, Account: s.Account, TimeZone: s.TimeZone,
		Track: encodeTrack(s.Track), Focus: encodeFocus(s.FocusKey, s.FocusKeyAddedAt),
		FocusOrganizations: s.FocusOrganizations, Organizations: s.Organizations,
		Provider: encodeProvider(s.Provider), Demo: s.Demo, Flash: s.Flash,
	})
	if err != nil {
		return nil, fmt.Errorf("auth: encode session: %w", err)
	}
	return data, nil
}

func decodeSession(data []byte, subject string, signedInAt time.Time) (*Session, error) {
	var c content
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("auth: decode session: %w", err)
	}
	s := &Session{
		Subject: subject, Issuer: c.Issuer, Role: c.Role, GroupsUnknown: c.GroupsUnknown, Name: c.Name, Email: c.Email,
		UserID: c.UserID, Account: c.Account, TimeZone: c.TimeZone,
		Track: c.Track.decode(), FocusOrganizations: c.FocusOrganizations, Organizations: c.Organizations,
		SignedInAt: signedInAt, Provider: c.Provider.decode(), Demo: c.Demo, Flash: c.Flash,
	}
	s.FocusKey, s.FocusKeyAddedAt = c.Focus.decode()
	return s, nil
}

// merge returns theirs with what mine changed since base, field by field. Without it
// a page that takes its flash out while another request removes the Focus key would
// write the key back.
func merge(base, mine, theirs []byte) ([]byte, error) {
	if bytes.Equal(base, theirs) {
		return mine, nil
	}
	was, errWas := fields(base)
	is, errIs := fields(mine)
	merged, errMerged := fields(theirs)
	if err := errors.Join(errWas, errIs, errMerged); err != nil {
		return nil, fmt.Errorf("auth: merge session: %w", err)
	}
	for name, value := range is {
		if !bytes.Equal(was[name], value) {
			merged[name] = value
		}
	}
	for name := range was {
		if _, kept := is[name]; !kept {
			delete(merged, name)
		}
	}
	return json.Marshal(merged)
}

func fields(data []byte) (map[string]json.RawMessage, error) {
	var m map[string]json.RawMessage
	err := json.Unmarshal(data, &m)
	return m, err
}
