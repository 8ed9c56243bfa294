package apiclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// A Recorder writes changes down before they are sent.
type Recorder interface {
	// Begin is called before a change is sent; where it fails the change isn't
	// sent, and the call returns ErrNotRecorded. What it returns is called once,
	// with what became of the change, also where ctx has ended.
	Begin(ctx context.Context, change Change) (end func(ctx context.Context, outcome Outcome), err error)
}

// A Change is a call that changes something.
type Change struct {
	API            string          // "track" or "focus"
	Operation      string          // operationId in the contract
	OrganizationID int64           // as the API numbers it; 0: the call names none
	Path           []PathID        // the ids of the path, in their order
	New            json.RawMessage // the body, secrets left out; nil: none
	Old            json.RawMessage // what WithOld gave, secrets left out; nil: nothing
}

// A PathID is an id in a path and the word before it, such as "workspaces".
type PathID struct {
	Name string
	ID   int64
}

// An Outcome is what became of a change.
type Outcome struct {
	Status    int    // HTTP status; 0: no answer, or never sent
	RequestID string // upstream's id of the request; may be empty
	Err       error  // an *Error, or the context's; nil: upstream accepted it
}

// Recording is the same client, but has the recorder write each change down
// before it is sent.
func (c *Client) Recording(r Recorder) *Client {
	derived := *c
	derived.recorder = r
	return &derived
}

type oldKey struct{}

// WithOld tells the recorder what the next change is about to replace, as JSON.
func WithOld(ctx context.Context, old json.RawMessage) context.Context {
	return context.WithValue(ctx, oldKey{}, old)
}

// recorded has send's change written down, before and after.
func (c *Client) recorded(ctx context.Context, r request, send func() (answer, error)) (answer, error) {
	if c.recorder == nil {
		return send()
	}
	body, err := encode(r)
	if err != nil {
		return answer{}, err
	}
	old, _ := ctx.Value(oldKey{}).(json.RawMessage)
	end, err := c.recorder.Begin(ctx, Change{
		API: r.api, Operation: r.op, OrganizationID: r.organizationID, Path: pathIDs(r.target),
		New: withoutSecrets(body), Old: withoutSecrets(old),
	})
	if err != nil {
		return answer{}, r.fail(ErrNotRecorded) // the recorder logs why: errors hold scalars only
	}
	got, err := send()
	end(context.WithoutCancel(ctx), outcomeOf(got, err))
	return got, err
}

func outcomeOf(got answer, err error) Outcome {
	out := Outcome{Status: got.status, RequestID: traceID(got.header), Err: err}
	var e *Error
	if errors.As(err, &e) {
		out.Status, out.RequestID = e.Status, e.TraceID
	}
	return out
}

// pathIDs finds the ids of a path: "/organizations/7/users/9".
func pathIDs(target string) []PathID {
	path, _, _ := strings.Cut(target, "?")
	var ids []PathID
	name := ""
	for segment := range strings.SplitSeq(path, "/") {
		if id, err := strconv.ParseInt(segment, 10, 64); err == nil && name != "" {
			ids = append(ids, PathID{name, id})
		}
		name = segment
	}
	return ids
}

// withoutSecrets leaves secret members out, wherever they are. What isn't JSON
// is left out whole.
func withoutSecrets(body []byte) json.RawMessage {
	if len(body) == 0 {
		return nil
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return nil
	}
	dropSecrets(value)
	clean, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	return clean
}
