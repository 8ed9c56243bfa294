package auth

import (
	"cmp"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// proxyClaims are what a token says about a person.
type proxyClaims struct {
	Issuer    string         `json:"iss"`
	Subject   string         `json:"sub"`
	Audience  audience       `json:"aud"`
	Expires   numericDate    `json:"exp"`
	NotBefore numericDate    `json:"nbf"`
	Issued    numericDate    `json:"iat"`
	Email     string         `json:"email"`
	Name      string         `json:"name"`
	Username  string         `json:"preferred_username"`
	Type      string         `json:"typ"`
	all       map[string]any // every claim
}

// readProxyClaims refuses tokens of another kind than those about who somebody is:
// access tokens, and those about a sign-out. It refuses a claim that is there twice,
// too: of which one is meant, two readers may think differently.
func readProxyClaims(payload []byte, kind string) (proxyClaims, error) {
	var c proxyClaims
	if kind != "" && !strings.EqualFold(kind, "JWT") {
		return proxyClaims{}, errors.New("a token of another kind")
	}
	if err := json.Unmarshal(payload, &c); err != nil {
		return proxyClaims{}, errors.New("its claims are not what they should be")
	}
	if err := json.Unmarshal(payload, &c.all); err != nil {
		return proxyClaims{}, errors.New("its claims are no object")
	}
	if _, ok := c.all["events"]; ok {
		return proxyClaims{}, errors.New("a token about events, not about a person")
	}
	if otherKind(c.Type) {
		return proxyClaims{}, errors.New("a token of another kind")
	}
	return c, nil
}

func (c proxyClaims) identity(groupsClaim string) (Identity, error) {
	name := cmp.Or(c.Name, c.Username)
	err := errors.Join(checkText(c.Subject, maxSubject), checkText(c.Email, maxEmail), checkText(name, maxName))
	if err != nil {
		return Identity{}, err
	}
	if strings.TrimSpace(c.Subject) != c.Subject || c.Subject == "" {
		return Identity{}, errors.New("it names nobody")
	}
	i := Identity{Issuer: c.Issuer, Subject: c.Subject, Name: name, Email: c.Email, GroupsKnown: true}
	if groupsClaim != "" {
		i.Groups, i.GroupsKnown, err = groupsOf(c.all, groupsClaim)
	}
	return i, err
}

// groupsOf returns the groups that the claim of that name holds, and whether it is
// there. A name with dots also leads into objects: custom.groups. Whatever is no array
// of texts is an error: a text is not taken for a list, nor split.
func groupsOf(claims map[string]any, name string) (groups []string, known bool, err error) {
	claim, ok := findClaim(claims, name)
	if !ok || claim == nil {
		return nil, false, nil
	}
	list, ok := claim.([]any)
	if !ok {
		return nil, false, errors.New("the groups are no array")
	}
	groups = make([]string, len(list))
	for i, item := range list {
		if groups[i], ok = item.(string); !ok {
			return nil, false, errors.New("the groups are not all texts")
		}
	}
	if err := checkGroups(groups); err != nil {
		return nil, false, err
	}
	return groups, true, nil
}

func findClaim(claims map[string]any, name string) (any, bool) {
	if claim, ok := claims[name]; ok {
		return claim, true
	}
	first, rest, nested := strings.Cut(name, ".")
	inner, ok := claims[first].(map[string]any)
	if !nested || !ok {
		return nil, false
	}
	return findClaim(inner, rest)
}

// audience is one text or an array of them.
type audience []string

// UnmarshalJSONFrom reads either.
func (a *audience) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() == '[' {
		return json.UnmarshalDecode(d, (*[]string)(a))
	}
	*a = make(audience, 1)
	return json.UnmarshalDecode(d, &(*a)[0])
}

// numericDate is a time in seconds since 1970; the zero time where there is none.
type numericDate struct{ time.Time }

// latestDate is 31 December 9999, the last that fits into four digits.
const latestDate = 253402300799

// UnmarshalJSONFrom reads a number that is a date between 1970 and 9999.
func (n *numericDate) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var seconds float64
	if err := json.UnmarshalDecode(d, &seconds); err != nil {
		return err
	}
	if !(seconds > 0 && seconds <= latestDate) {
		return errors.New("no date")
	}
	whole, part := math.Modf(seconds)
	n.Time = time.Unix(int64(whole), int64(part*float64(time.Second)))
	return nil
}
