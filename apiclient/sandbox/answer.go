package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// An answer is a response that is not written yet.
type answer struct {
	status int
	header http.Header // additional ones; may be nil
	body   any         // sent as JSON; nil sends nothing
	text   string      // sent as text/plain when not empty
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

// okText is the success of the operations that produce text/plain.
func okText() answer { return answer{status: http.StatusOK, text: "OK"} }

func (a answer) with(name, value string) answer {
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header.Set(name, value)
	return a
}

func (a answer) withQuota(remaining int, resets time.Duration) answer {
	return a.with("X-Toggl-Quota-Remaining", strconv.Itoa(remaining)).
		with("X-Toggl-Quota-Resets-In", strconv.Itoa(seconds(resets)))
}

// seconds rounds up, so that waiting for so long is long enough.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// encode returns the body as it goes over the wire and its content type.
func (a answer) encode() (body []byte, contentType string) {
	if a.text != "" {
		return []byte(a.text), "text/plain; charset=utf-8"
	}
	if a.body == nil {
		return nil, ""
	}
	body, err := json.Marshal(a.body)
	if err != nil {
		panic("sandbox: unencodable answer: " + err.Error())
	}
	return body, "application/json; charset=utf-8"
}

func (a answer) write(w http.ResponseWriter) {
	body, contentType := a.encode()
	header := w.Header()
	maps.Copy(header, a.header)
	header.Set("X-Request-Id", newRequestID())
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-cache, private, no-store, must-revalidate")
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(body) // the caller may have gone away
}

// listOf is a list in the shape that the options ask for; never null.
func listOf[T any](c *call, rows []T) answer {
	if rows == nil {
		rows = []T{}
	}
	if c.server.options.ListShape == "items" {
		return ok(map[string]any{"items": rows})
	}
	return ok(rows)
}
