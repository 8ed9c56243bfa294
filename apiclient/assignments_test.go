package apiclient_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
)

var twoAssignments = []apiclient.Assignment{{Operation: "add", UserID: 1}, {Operation: "remove", GroupID: 2}}

const (
	asList = `[{"operation":"add","user_id":1},{"operation":"remove","group_id":2}]`
	first  = `{"operation":"add","user_id":1}`
	other  = `{"operation":"remove","group_id":2}`
)

// assignmentServer understands lists, or objects, and refuses group 2 if told.
func assignmentServer(lists, refuseOther bool) *upstream {
	u := &upstream{}
	u.answer = func(*http.Request) (*http.Response, error) {
		u.mu.Lock()
		body := u.bodies[len(u.bodies)-1]
		u.mu.Unlock()
		switch {
		case strings.HasPrefix(body, "[") != lists:
			return response(400, `"Invalid JSON input"`), nil
		case refuseOther && strings.Contains(body, "group_id"):
			return response(400, `"Invalid group_id."`), nil
		}
		return response(200, `OK`), nil
	}
	return u
}

func TestAssignmentsAsAList(t *testing.T) {
	u := assignmentServer(true, false)
	c := newClient(t, u)
	for range 2 {
		if err := c.ChangeAssignments(t.Context(), orgID, 1, twoAssignments); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{asList, asList}, u.bodies); diff != "" {
		t.Error(diff)
	}
}

func TestAssignmentsThatAListWasRefusedFor(t *testing.T) {
	u := answers(respond(200, `OK`), respond(400, `"Invalid JSON input"`))
	c := newClient(t, u)
	if err := c.ChangeAssignments(t.Context(), orgID, 1, twoAssignments); err != nil {
		t.Fatal(err)
	}
	if err := c.ChangeAssignments(t.Context(), orgID, 1, twoAssignments); !errors.Is(err, apiclient.ErrRefused) || u.count() != 2 {
		t.Errorf("where lists are understood: %v after %d requests", err, u.count())
	}
}

func TestAssignmentsAsObjects(t *testing.T) {
	u := assignmentServer(false, false)
	f := newFactory(t, u, quick)
	for range 2 {
		if err := f.Client(owner).ChangeAssignments(t.Context(), orgID, 1, twoAssignments); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{asList, first, other, first, other}, u.bodies); diff != "" {
		t.Errorf("the form that worked is remembered (-want +got):\n%s", diff)
	}
}

func TestAssignmentsPartly(t *testing.T) {
	err := newClient(t, assignmentServer(false, true)).ChangeAssignments(t.Context(), orgID, 1, twoAssignments)
	var partial *apiclient.PartialError
	if !errors.As(err, &partial) || partial.Done != 1 || partial.Total != 2 || !errors.Is(err, apiclient.ErrRefused) {
		t.Errorf("error %v", err)
	}
	err = newClient(t, assignmentServer(true, true)).ChangeAssignments(t.Context(), orgID, 1, twoAssignments)
	if errors.As(err, &partial) || !errors.Is(err, apiclient.ErrRefused) {
		t.Errorf("a list is all or nothing: %v", err)
	}
}

func TestAssignmentsWhenNothingIsUnderstood(t *testing.T) {
	u := answers(respond(400, `"Invalid JSON input"`))
	c := newClient(t, u)
	for range 2 {
		if err := c.ChangeAssignments(t.Context(), orgID, 1, twoAssignments); !errors.Is(err, apiclient.ErrRefused) {
			t.Errorf("error %v", err)
		}
	}
	if diff := cmp.Diff([]string{asList, first, asList, first}, u.bodies); diff != "" {
		t.Error(diff)
	}
	u = answers(respond(400, `"Nothing to change."`))
	if err := newClient(t, u).ChangeAssignments(t.Context(), orgID, 1, nil); !errors.Is(err, apiclient.ErrRefused) || u.count() != 1 || u.bodies[0] != "[]" {
		t.Errorf("no assignments: %v, sent %q", err, u.bodies)
	}
}

func TestAssignmentsNotAvailable(t *testing.T) {
	for _, status := range []int{404, 405, 410} {
		u := answers(respond(status, ``))
		err := newClient(t, u).ChangeAssignments(t.Context(), orgID, 1, twoAssignments)
		var e *apiclient.Error
		if !errors.As(err, &e) || e.Kind != apiclient.ErrNotAvailable || e.Status != status || u.count() != 1 {
			t.Errorf("%d: %v after %d requests", status, err, u.count())
		}
	}
}
