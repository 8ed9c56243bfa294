package sandbox

import (
	"fmt"
	"net/http"
)

type focusErrorWire struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
	TraceID     string `json:"trace_id"`
}

func focusRefusal(status int, code, description string) answer {
	return answer{status: status, body: focusErrorWire{code, description, newRequestID()}}
}

// focusCode is the error code of a status where nothing more exact is known.
func focusCode(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "validation"
	case http.StatusPaymentRequired:
		return "quota_exceeded"
	case http.StatusForbidden:
		return "forbidden"
	case http.StatusNotFound:
		return "not_found"
	case http.StatusTooManyRequests:
		return "rate_limited"
	default:
		return "error"
	}
}

// fieldError words a refusal like the Go validator that the service uses.
func fieldError(structure, field, tag string) string {
	return fmt.Sprintf("Key: '%s.%s' Error:Field validation for '%s' failed on the '%s' tag", structure, field, field, tag)
}

// focusOrganization is the caller in the organization of the path; nil comes
// with the refusal.
func (c *call) focusOrganization(denied string) (*orgUser, answer) {
	if _, numeric := c.pathID("organization_id"); !numeric {
		return nil, focusRefusal(http.StatusBadRequest, "invalid_organization_id",
			fmt.Sprintf("invalid organization id: %q", c.request.PathValue("organization_id")))
	}
	u := c.member()
	if u == nil {
		return nil, c.deny(denied)
	}
	return u, answer{}
}

// focusMembers lets members of the organization through to a handler.
func focusMembers(handle func(*call) answer) func(*call) answer {
	return func(c *call) answer {
		if u, refusal := c.focusOrganization("User does not have access to the organization"); u == nil {
			return refusal
		}
		return handle(c)
	}
}
