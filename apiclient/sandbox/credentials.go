package sandbox

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Credentials are derived from the account's id, so that none are stored, and
// look as fake as they are.
const (
	tokenPrefix    = "facade00facade00facade00"          // 24 of the 32 hex digits
	focusPrefix    = "toggl_sk_decade00decade00decade00" // a Focus key likewise
	passwordPrefix = "not-a-secret-"
)

// Persona is somebody to sign in as. The credentials work on this sandbox only.
type Persona struct {
	Name, Email, Password, APIToken, FocusKey string

	UserID             int64 // global
	OrganizationUserID int64 // in the large organization
}

// String leaves the credentials out.
func (p Persona) String() string { return p.Name }

// Owner owns the large organization and belongs to two small ones.
func (s *Server) Owner() Persona { return s.persona(s.world.personas.owner) }

// Admin is an ordinary admin of the large organization, and of no other.
func (s *Server) Admin() Persona { return s.persona(s.world.personas.admin) }

// Member is a member of the large organization without any admin's rights.
func (s *Server) Member() Persona { return s.persona(s.world.personas.member) }

// PersonaOf returns anybody's credentials. ok is false when there is no such
// organization user.
func (s *Server) PersonaOf(organizationUserID int64) (p Persona, ok bool) {
	s.mu.RLock()
	u := s.world.user(organizationUserID)
	s.mu.RUnlock()
	if u == nil {
		return Persona{}, false
	}
	return s.persona(u), true
}

func (s *Server) persona(u *orgUser) Persona {
	s.mu.RLock()
	defer s.mu.RUnlock()
	id := u.account.id
	return Persona{
		Name: u.account.name, Email: u.account.email, UserID: id, OrganizationUserID: u.id,
		Password: passwordPrefix + strconv.FormatInt(id, 10),
		APIToken: secretOf(tokenPrefix, id), FocusKey: secretOf(focusPrefix, id),
	}
}

func secretOf(prefix string, id int64) string { return fmt.Sprintf("%s%08x", prefix, id) }

// bySecret finds the account that a token or key was derived from.
func (w *world) bySecret(prefix, secret string) *account {
	hex, ok := strings.CutPrefix(secret, prefix)
	if !ok || len(hex) != 8 {
		return nil
	}
	id, err := strconv.ParseInt(hex, 16, 64)
	if err != nil {
		return nil
	}
	return w.accounts[id]
}

// authenticate finds the caller, or says why there is none.
func (s *Server) authenticate(c *call) (*account, answer) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if c.op.api == apiFocus {
		return s.authenticateFocus(c)
	}
	if c.request.Header.Get("Authorization") == "" {
		return nil, answer{status: http.StatusUnauthorized}.with("X-Authorization-Missing", "true")
	}
	user, password, ok := c.request.BasicAuth()
	if !ok {
		return nil, c.deny("Wrong credentials")
	}
	var found *account
	if password == "api_token" {
		found = s.world.bySecret(tokenPrefix, user)
	} else {
		found = s.world.emails[strings.ToLower(user)]
		if found != nil && password != passwordPrefix+strconv.FormatInt(found.id, 10) {
			found = nil
		}
	}
	if found == nil {
		return nil, c.deny("Wrong credentials")
	}
	return found, answer{}
}

func (s *Server) authenticateFocus(c *call) (*account, answer) {
	key, ok := strings.CutPrefix(c.request.Header.Get("Authorization"), "Bearer ")
	if found := s.world.bySecret(focusPrefix, key); ok && found != nil {
		return found, answer{}
	}
	return nil, focusRefusal(http.StatusUnauthorized, "invalid_session", "the provided API key is invalid")
}
