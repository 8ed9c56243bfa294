package auth

import (
	"encoding/json"
)

// claims are what a token or an answer says, by the exact names.
type claims map[string]json.RawMessage

func (c claims) has(name string) bool {
	value, ok := c[name]
	return ok && string(value) != "null"
}

// text is a claim of at most limit bytes that can be shown; anything else is empty.
func (c claims) text(name string, limit int) string {
	var s string
	if json.Unmarshal(c[name], &s) != nil || checkText(s, limit) != nil {
		return ""
	}
	return s
}

// groups returns false unless the claim is an array of names: one name that is no array
// may be several in a spelling that is not ours to guess.
func (c claims) groups(name string) ([]string, bool) {
	var values []any
	if !c.has(name) || json.Unmarshal(c[name], &values) != nil || len(values) > maxGroups {
		return nil, false
	}
	groups := make([]string, 0, len(values))
	for _, value := range values {
		group, ok := value.(string)
		if !ok || checkText(group, maxGroup) != nil {
			return nil, false
		}
		groups = append(groups, group)
	}
	return groups, true
}

// identity is the person in words of ours. The e-mail address is to be shown: that it
// is in a token does not make it theirs.
func (o *OIDC) identity(subject string, c claims) Identity {
	i := Identity{Issuer: o.issuer, Subject: subject, Name: c.text("name", maxName), Email: c.text("email", maxEmail)}
	if i.Name == "" {
		i.Name = c.text("preferred_username", maxName)
	}
	if o.groupsClaim != "" {
		i.Groups, i.GroupsKnown = c.groups(o.groupsClaim)
	}
	return i
}

// logsOut reports whether the claims say the event that a logout token is for. Its
// value is an object, with nothing in it.
func (c claims) logsOut() bool {
	var events, event claims
	return json.Unmarshal(c["events"], &events) == nil &&
		json.Unmarshal(events["http://schemas.openid.net/event/backchannel-logout"], &event) == nil && event != nil
}
