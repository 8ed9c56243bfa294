package apiclient_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
)

// A notebook is a Recorder that keeps what it is told, or fails.
type notebook struct {
	begun []apiclient.Change
	ended []apiclient.Outcome
	sent  func() int // requests that upstream has got
	early []int      // what sent said at each Begin
	fail  error
}

func (n *notebook) Begin(_ context.Context, change apiclient.Change) (func(context.Context, apiclient.Outcome), error) {
	n.begun, n.early = append(n.begun, change), append(n.early, n.sent())
	if n.fail != nil {
		return nil, n.fail
	}
	return func(ctx context.Context, outcome apiclient.Outcome) {
		if ctx.Err() == nil {
			n.ended = append(n.ended, outcome)
		}
	}, nil
}

// TestEveryChangeIsRecorded: of all operations, whatever isn't a GET is written
// down before it is sent and completed after.
func TestEveryChangeIsRecorded(t *testing.T) {
	changes := 0
	for name, call := range calls {
		u := answers(respond(200, `{}`, "X-Toggl-Request-Id", "up-1"))
		n := &notebook{sent: u.count}
		_ = call(t.Context(), newClient(t, u).Recording(n)) // not every call understands {}
		writes := 0
		for _, r := range u.requests {
			if r.Method != http.MethodGet {
				writes++
			}
		}
		if len(n.begun) != writes || len(n.ended) != writes {
			t.Errorf("%s: %d changes were sent, %d begun, %d ended", name, writes, len(n.begun), len(n.ended))
			continue
		}
		for i, change := range n.begun {
			changes++
			if change.API+" "+change.Operation != name || n.early[i] != i {
				t.Errorf("%s: recorded as %s %s after %d requests", name, change.API, change.Operation, n.early[i])
			}
			if diff := cmp.Diff(apiclient.Outcome{Status: 200, RequestID: "up-1"}, n.ended[i]); diff != "" {
				t.Errorf("%s: outcome (-want +got):\n%s", name, diff)
			}
		}
	}
	if changes < 18 {
		t.Errorf("only %d changes", changes)
	}
}

func TestRecordedChange(t *testing.T) {
	u := answers(respond(400, `"Invalid role_id."`, "X-Toggl-Request-Id", "up-2"))
	n := &notebook{sent: u.count}
	ctx, leave := context.WithCancel(apiclient.WithOld(t.Context(), json.RawMessage(`{"name":"A","api_token":"canary"}`)))
	u2 := u.answer
	u.answer = func(r *http.Request) (*http.Response, error) { defer leave(); return u2(r) }
	err := newClient(t, u).Recording(n).Fresh().UpdateOrganizationUser(ctx, orgID, 7, apiclient.UpdateOrganizationUserInput{Name: new("B")})
	if err == nil {
		t.Fatal("not refused")
	}
	want := []apiclient.Change{{
		API: "track", Operation: "UpdateOrganizationUser", OrganizationID: orgID,
		Path: []apiclient.PathID{{Name: "organizations", ID: orgID}, {Name: "users", ID: 7}},
		New:  json.RawMessage(`{"name":"B"}`), Old: json.RawMessage(`{"name":"A"}`),
	}}
	if diff := cmp.Diff(want, n.begun); diff != "" {
		t.Errorf("change (-want +got):\n%s", diff)
	}
	if len(n.ended) != 1 {
		t.Fatal("who went away keeps the end from being written")
	}
}

func TestOutcomes(t *testing.T) {
	for name, tc := range map[string]struct {
		answer func() (*http.Response, error)
		want   apiclient.Outcome
		kind   apiclient.Kind
	}{
		"refused":    {respond(400, `"no"`, "X-Toggl-Request-Id", "up-3"), apiclient.Outcome{Status: 400, RequestID: "up-3"}, apiclient.ErrRefused},
		"no answer":  {failWith(errors.New("gone")), apiclient.Outcome{}, apiclient.ErrUnreachable},
		"bad answer": {respond(200, `[`), apiclient.Outcome{Status: 200}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			u := answers(tc.answer)
			n := &notebook{sent: u.count}
			_, err := newClient(t, u).Recording(n).CreateWorkspace(t.Context(), orgID, apiclient.CreateWorkspaceInput{Name: "A"})
			if err == nil || len(n.ended) != 1 {
				t.Fatal(err, len(n.ended))
			}
			got := n.ended[0]
			if tc.kind != "" && !errors.Is(got.Err, tc.kind) || tc.kind == "" && got.Err != nil {
				t.Errorf("error %v", got.Err)
			}
			if got.Err = nil; got != tc.want {
				t.Errorf("%+v, want %+v", got, tc.want)
			}
		})
	}
}

// TestWhatCantBeRecordedIsNotSent, and the cause isn't in the error.
func TestWhatCantBeRecordedIsNotSent(t *testing.T) {
	u := counting()
	n := &notebook{sent: u.count, fail: errors.New("disk full at /secret/path")}
	err := newClient(t, u).Recording(n).UpdateOrganization(t.Context(), orgID, apiclient.UpdateOrganizationInput{Name: "B"})
	if !errors.Is(err, apiclient.ErrNotRecorded) || u.count() != 0 || strings.Contains(err.Error(), "disk") {
		t.Errorf("%v, %d requests", err, u.count())
	}
}

// TestReadsAndKnownClientsRecordNothing: nothing is sent there.
func TestReadsAndKnownClientsRecordNothing(t *testing.T) {
	u := counting()
	n := &notebook{sent: u.count}
	c := newClient(t, u).Recording(n)
	organizationName(t, c, orgID)
	if err := c.Known().LeaveOrganization(t.Context(), orgID); !errors.Is(err, apiclient.ErrUnknown) || len(n.begun) != 0 {
		t.Errorf("%v, %d recorded", err, len(n.begun))
	}
}
