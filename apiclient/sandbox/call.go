package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// A call is one request to one operation, with all that a handler needs.
type call struct {
	server  *Server
	op      *operation
	request *http.Request
	body    []byte
	now     stamp
	caller  *account
	world   *world
}

// refuse answers an error as the API does: a JSON string on Track, an object
// on Focus.
func (c *call) refuse(status int, message string) answer {
	if c.op.api == apiFocus {
		return focusRefusal(status, focusCode(status), message)
	}
	if c.op.text && c.server.options.TextErrors {
		return answer{status: status, text: message}
	}
	return answer{status: status, body: message}
}

func (c *call) invalid(message string) answer  { return c.refuse(http.StatusBadRequest, message) }
func (c *call) deny(message string) answer     { return c.refuse(http.StatusForbidden, message) }
func (c *call) notFound(message string) answer { return c.refuse(http.StatusNotFound, message) }

func (c *call) invalidf(format string, values ...any) answer {
	return c.invalid(fmt.Sprintf(format, values...))
}

func (c *call) tooFast(wait time.Duration) answer {
	return c.refuse(http.StatusTooManyRequests, "Too many requests").
		with("Retry-After", strconv.Itoa(seconds(wait)))
}

func (c *call) quotaUsedUp(resets time.Duration) answer {
	return c.refuse(http.StatusPaymentRequired, fmt.Sprintf(
		"You have hit your hourly limit for API calls. Your quota will reset in %d seconds.", seconds(resets)))
}

// pathID reads a positive number of the path.
func (c *call) pathID(name string) (int64, bool) {
	id, err := strconv.ParseInt(c.request.PathValue(name), 10, 64)
	return id, err == nil && id > 0
}

// organization is the one that the path names, nil when there is none.
func (c *call) organization() *organization {
	id, _ := c.pathID("organization_id")
	return c.world.organizations[id]
}

// member is the caller in the organization of the path: nil when the
// organization does not exist, or the caller is not an active member.
func (c *call) member() *orgUser {
	o := c.organization()
	if o == nil {
		return nil
	}
	u := c.caller.in(o)
	if u == nil || u.inactive {
		return nil
	}
	return u
}

// admin is the organization of the path when the caller is one of its admins.
func (c *call) admin() (*organization, *orgUser) {
	u := c.member()
	if u == nil || !u.isAdmin() {
		return nil, nil
	}
	return u.org, u
}

func (c *call) decode(into any) bool { return json.Unmarshal(c.body, into) == nil }

// organizationOf is the organization on whose quota a request goes; 0 when it
// names none.
func (s *Server) organizationOf(c *call) int64 {
	if id, ok := c.pathID("organization_id"); ok {
		return id
	}
	id, ok := c.pathID("workspace_id")
	if !ok {
		return 0
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if ws := s.world.workspaces[id]; ws != nil {
		return ws.org.id
	}
	return 0
}

// An optional field tells apart what was not sent, null, and a value.
type optional[T any] struct {
	set, null bool
	value     T
}

// UnmarshalJSON is only called for members that were sent.
func (o *optional[T]) UnmarshalJSON(data []byte) error {
	o.set = true
	if string(data) == "null" {
		o.null = true
		return nil
	}
	return json.Unmarshal(data, &o.value)
}

// given says that the field was sent with a value.
func (o optional[T]) given() bool { return o.set && !o.null }
