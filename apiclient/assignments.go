package apiclient

import (
	"context"
	"errors"
	"net/http"
	"strings"
)

// Assignment adds or removes one user or one group to or from a workspace.
// Exactly one of UserID and GroupID is set.
type Assignment struct {
	Operation string `json:"operation"`         // add, remove
	UserID    int64  `json:"user_id,omitzero"`  // global user id
	GroupID   int64  `json:"group_id,omitzero"` // Track group id
	Joined    *bool  `json:"joined,omitzero"`   // documented nowhere: leave nil
}

// The forms of body that ChangeAssignments knows. The contract shows one object
// where its messages speak of a list.
const (
	assignmentsUntried int32 = iota
	assignmentsAsList
	assignmentsAsObjects
)

// ChangeAssignments adds and removes users and groups of a workspace. It sends
// a list, and where upstream can't read that, one object after another; the
// form that worked is remembered by the Factory. A failure between objects is a
// *PartialError. ErrNotAvailable means that upstream has no such call (any
// more).
//
//api:operation track ChangeAssignments
func (c *Client) ChangeAssignments(ctx context.Context, organizationID, workspaceID int64, assignments []Assignment) error {
	r := track("ChangeAssignments", http.MethodPut, organizationID, "organizations", organizationID, "workspaces", workspaceID, "assignments")
	form := c.factory.assignments.Load()
	if form != assignmentsAsObjects {
		err := assignmentsError(change(ctx, c, r.with(assignments)))
		if err == nil {
			c.factory.assignments.Store(assignmentsAsList)
		}
		if form == assignmentsAsList || len(assignments) == 0 || !unreadableInput(err) {
			return err
		}
	}
	for i, assignment := range assignments {
		if err := assignmentsError(change(ctx, c, r.with(assignment))); err != nil {
			if i == 0 {
				return err
			}
			return &PartialError{Done: i, Total: len(assignments), Err: err}
		}
		c.factory.assignments.Store(assignmentsAsObjects)
	}
	return nil
}

// assignmentsError turns 404 into ErrNotAvailable: the contract has no 404 for
// this call, a server without the call has.
func assignmentsError(err error) error {
	var e *Error
	if errors.As(err, &e) && e.Kind == ErrNotFound {
		e.Kind = ErrNotAvailable
	}
	return err
}

func unreadableInput(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusBadRequest && strings.Contains(strings.ToLower(e.Message), "invalid json input")
}
