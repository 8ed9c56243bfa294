package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"sync"

	"roster/apiclient"
	"roster/changes"
	"roster/store"
)

// targetUser is somebody of whom only the global user id is known.
const targetUser = "user"

// A stepsRecorder writes what a change set does into the log of activity: a row
// for each cell, so that what happened to somebody is found by their name. One
// run at a time uses it.
type stepsRecorder struct {
	recorder *recorder

	mu   sync.Mutex
	last apiclient.Outcome // of the last request, as the client knows it
}

// client is the run's: it tells the recorder the status that a row holds.
func (r *stepsRecorder) client(api *apiclient.Client) *apiclient.Client { return api.Recording(r) }

// Begin notes what becomes of a request; the rows are record's.
func (r *stepsRecorder) Begin(context.Context, apiclient.Change) (func(context.Context, apiclient.Outcome), error) {
	return func(_ context.Context, outcome apiclient.Outcome) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.last = outcome
	}, nil
}

// record is a change set's Job.Record.
func (r *stepsRecorder) record(ctx context.Context, request changes.Request) (func(context.Context, error), error) {
	rows := make([]store.Activity, len(request.Steps))
	for i := range request.Steps {
		rows[i] = r.recorder.stepRow(request, &request.Steps[i])
	}
	r.mu.Lock()
	r.last = apiclient.Outcome{}
	r.mu.Unlock()
	end, err := r.recorder.begin(ctx, rows)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, err error) {
		r.mu.Lock()
		outcome := r.last
		r.mu.Unlock()
		outcome.Err = err
		end(ctx, outcome)
	}, nil
}

// accessValues are what a cell is before and after, as the log has it.
type accessValues struct {
	WorkspaceID int64  `json:"workspace_id,omitzero"`
	Workspace   string `json:"workspace,omitzero"`
	Direct      *bool  `json:"direct,omitzero"` // nil: not known
}

func (r *recorder) stepRow(request changes.Request, s *store.Step) store.Activity {
	row := r.who
	row.OrganizationID, row.Operation = request.OrganizationID, request.Operation
	row.TargetName = cmp.Or(s.RowName, s.RowEmail)
	switch {
	case s.RowKind == store.RowGroup:
		row.TargetKind, row.TargetID = targetGroup, s.RowID
	case s.OrganizationUserID != 0:
		row.TargetKind, row.TargetID = targetOrganizationUser, s.OrganizationUserID
	default:
		row.TargetKind, row.TargetID = targetUser, s.RowID
	}
	row.New = jsonText(accessValues{s.WorkspaceID, s.WorkspaceName, new(s.Op == store.OpAdd)})
	was, _ := changes.ParseCell(s.Was) // what can't be read is not known
	if direct, known := was.IsDirect(); known {
		row.Old = jsonText(accessValues{Direct: &direct})
	}
	return row
}

// jsonText is the JSON of plain values, which always have one.
func jsonText(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}
