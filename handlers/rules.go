package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"roster/auth"
	"roster/views"
)

// A rule is what a route asks of whoever calls it.
type rule int

const (
	// ruleOpen asks nothing, not even to be signed in.
	ruleOpen rule = iota + 1
	// ruleOwn asks to be signed in: it is about nothing but the person's own session.
	ruleOwn
	// ruleRead asks for a role that reads.
	ruleRead
	// ruleChange asks for a role that changes: forms, and pages that only lead to one.
	ruleChange
)

func (r rule) allows(role auth.Role) bool {
	switch r {
	case ruleOpen, ruleOwn:
		return true
	case ruleRead:
		return role.MayRead()
	case ruleChange:
		return role.MayChange()
	}
	return false
}

// String is the rule's name, as [Handlers.Rules] has it.
func (r rule) String() string {
	return map[rule]string{ruleOpen: "open", ruleOwn: "own", ruleRead: "read", ruleChange: "change"}[r]
}

// Rules are what each route asks of people, by method and pattern: "open", "own",
// "read" or "change". They are for tests that walk over routes.
func (h *Handlers) Rules() map[string]string {
	rules := make(map[string]string, len(h.rules))
	for route, rule := range h.rules {
		rules[route] = rule.String()
	}
	return rules
}

// routes mounts routes under one rule.
type routes struct {
	group *echo.Group
	rules map[string]rule
	rule  rule
}

func (h *Handlers) ruled(group *echo.Group, rule rule) routes {
	return routes{group: group, rules: h.rules, rule: rule}
}

// GET mounts a page.
func (r routes) GET(path string, handler echo.HandlerFunc) {
	r.rules[http.MethodGet+" "+path] = r.rule
	r.group.GET(path, handler)
}

// POST mounts an action.
func (r routes) POST(path string, handler echo.HandlerFunc) {
	r.rules[http.MethodPost+" "+path] = r.rule
	r.group.POST(path, handler)
}

// errNoRole and errViewer: Roster's own rules don't let the person do this.
var (
	errNoRole = errors.New("the person has no role")
	errViewer = errors.New("the person's role does not change anything")
)

// refuse records what would have been a change: who tried stands in the log of
// activity beside those who did. Nothing is sent, so a failed write stops nothing.
func (h *Handlers) refuse(c echo.Context, s *auth.Session) error {
	h.log.Warn("refused by role", "id", requestIDOf(c), "ip", c.RealIP(), "route", c.Path(), "role", string(s.Role))
	if c.Request().Method != http.MethodGet {
		h.recorder(c, s).deny(c)
	}
	if s.Role.MayRead() {
		return errViewer
	}
	return errNoRole
}

// authorize refuses what the route's rule doesn't allow, and every route that
// has none but the one for unknown addresses. What is about an organization needs a
// connection to Toggl. Who isn't signed in at all, or isn't connected, is asked to by
// the handler: see [Handlers.withSession].
func (h *Handlers) authorize(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		rule, ruled := h.rules[c.Request().Method+" "+c.Path()]
		s := sessionOf(c)
		switch {
		case c.Path() == pathUnknown:
			return next(c)
		case !ruled:
			return echo.NewHTTPError(http.StatusForbidden)
		case s == nil:
			return next(c)
		case !rule.allows(s.Role):
			return h.refuse(c, s)
		case rule == ruleRead || rule == ruleChange:
			err := h.connected(c, s)
			c.Set(unconnectedKey, errors.Is(err, errNotConnected))
			if err != nil && !isUnconnected(c) {
				return err
			}
		}
		if !s.Role.MayChange() {
			c.SetRequest(c.Request().WithContext(views.ReadOnly(c.Request().Context())))
		}
		return next(c)
	}
}
