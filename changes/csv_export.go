package changes

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"time"

	"roster/store"
)

// csvHeader begins with the columns that ParseCSV reads, so that a file that
// was written can be read again.
var csvHeader = []string{"member or group", "workspace", "operation", "kind", "name", "row id", "workspace id", "was", "state", "message"}

// WriteCSV writes steps as a table with a header, a line each. Texts that a
// spreadsheet would take for a formula get an apostrophe in front.
func WriteCSV(w io.Writer, steps []store.Step) error {
	out := csv.NewWriter(w)
	if err := out.Write(csvHeader); err != nil {
		return err
	}
	for i := range steps {
		s := &steps[i]
		who := s.RowEmail
		if s.RowKind == store.RowGroup || who == "" {
			who = s.RowName
		}
		line := []string{
			who, s.WorkspaceName, s.Op, s.RowKind, s.RowName, strconv.FormatInt(s.RowID, 10),
			strconv.FormatInt(s.WorkspaceID, 10), s.Was, s.State, s.Message,
		}
		for j := range line {
			line[j] = NeutralCell(line[j])
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

type setJSON struct {
	ID             string     `json:"id"`
	OrganizationID int64      `json:"organization_id"`
	State          string     `json:"state"`
	UndoOf         string     `json:"undo_of,omitzero"`
	CreatedAt      time.Time  `json:"created_at"`
	AppliedAt      time.Time  `json:"applied_at,omitzero"`
	Steps          []stepJSON `json:"steps"`
}

type stepJSON struct {
	Kind               string    `json:"kind"`
	UserID             int64     `json:"user_id,omitzero"` // global
	OrganizationUserID int64     `json:"organization_user_id,omitzero"`
	GroupID            int64     `json:"group_id,omitzero"`
	Name               string    `json:"name"`
	Email              string    `json:"email,omitzero"`
	WorkspaceID        int64     `json:"workspace_id"`
	Workspace          string    `json:"workspace"`
	Operation          string    `json:"operation"`
	Was                string    `json:"was"`
	State              string    `json:"state"`
	Message            string    `json:"message,omitzero"`
	SentAt             time.Time `json:"sent_at,omitzero"`
	DoneAt             time.Time `json:"done_at,omitzero"`
}

// WriteJSON writes a set with its steps as one object. Who staged it is not in
// it.
func WriteJSON(w io.Writer, set store.ChangeSet, steps []store.Step) error {
	out := setJSON{
		ID: set.ID, OrganizationID: set.OrganizationID, State: set.State, UndoOf: set.UndoOf,
		CreatedAt: set.CreatedAt, AppliedAt: set.AppliedAt, Steps: make([]stepJSON, len(steps)),
	}
	for i := range steps {
		out.Steps[i] = jsonOf(&steps[i])
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}

func jsonOf(s *store.Step) stepJSON {
	j := stepJSON{
		Kind: s.RowKind, OrganizationUserID: s.OrganizationUserID, Name: s.RowName, Email: s.RowEmail,
		WorkspaceID: s.WorkspaceID, Workspace: s.WorkspaceName, Operation: s.Op, Was: s.Was, State: s.State,
		Message: s.Message, SentAt: s.SentAt, DoneAt: s.DoneAt,
	}
	if s.RowKind == store.RowGroup {
		j.GroupID = s.RowID
	} else {
		j.UserID = s.RowID
	}
	return j
}
