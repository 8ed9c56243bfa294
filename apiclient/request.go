package apiclient

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	apiTrack = "track"
	apiFocus = "focus"
)

// A request is one call before it is sent.
type request struct {
	api, op, method string
	organizationID  int64  // whose quota and cache; 0: the call names none
	target          string // path and query below the API's address; also the cache's key
	body            any    // nil: none
	mine            bool   // a write that also changes what /me/organizations or /me/workspaces say
}

// track describes a call of Toggl Track; segments are texts and int64 ids.
func track(op, method string, organizationID int64, segments ...any) request {
	return request{api: apiTrack, op: op, method: method, organizationID: organizationID, target: join(segments)}
}

// focus describes a call of Toggl Focus.
func focus(op, method string, organizationID int64, segments ...any) request {
	return request{api: apiFocus, op: op, method: method, organizationID: organizationID, target: join(segments)}
}

func join(segments []any) string {
	var path strings.Builder
	for _, segment := range segments {
		path.WriteByte('/')
		switch s := segment.(type) {
		case string:
			path.WriteString(url.PathEscape(s))
		case int64:
			path.WriteString(strconv.FormatInt(s, 10))
		}
	}
	return path.String()
}

func (r request) with(body any) request {
	r.body = body
	return r
}

func (r request) asking(values url.Values) request {
	if len(values) > 0 {
		r.target += "?" + values.Encode()
	}
	return r
}

func (r request) alsoMine() request {
	r.mine = true
	return r
}

// reads reports whether the request changes nothing.
func (r request) reads() bool { return r.method == http.MethodGet }

func (r request) fail(kind Kind) *Error {
	return &Error{API: r.api, Op: r.op, Kind: kind}
}

// A query collects query parameters; empty ones are left out. Lists are sent
// as one parameter with commas, as both contracts ask.
type query url.Values

func (q query) text(name, value string) query {
	if value != "" {
		q[name] = []string{value}
	}
	return q
}

func (q query) list(name string, values []string) query {
	return q.text(name, strings.Join(values, ","))
}

func (q query) number(name string, value int64) query {
	if value == 0 {
		return q
	}
	return q.text(name, strconv.FormatInt(value, 10))
}

func (q query) numbers(name string, values []int64) query {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = strconv.FormatInt(value, 10)
	}
	return q.list(name, texts)
}

func (q query) values() url.Values { return url.Values(q) }
