package handlers

import (
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

// authorize refuses what the route's rule doesn't allow, and every route that
// has none but the one for unknown addresses. Who isn't signed in at all is
// asked to by the handler.
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
			return echo.NewHTTPError(http.StatusForbidden)
		}
		if !s.Role.MayChange() {
			c.SetRequest(c.Request().WithContext(views.ReadOnly(c.Request().Context())))
		}
		return next(c)
	}
}
