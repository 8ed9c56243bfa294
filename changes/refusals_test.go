package changes_test

import (
	"testing"

	"roster/apiclient"
	"roster/changes"
	"roster/store"
)

func TestRefusalsTellWhoPays(t *testing.T) {
	a := changes.NewAccess()
	a.AddUsers([]apiclient.OrganizationUser{{UserID: 1, Workspaces: []apiclient.UserWorkspace{{WorkspaceID: 1}}}})
	refused := store.Step{RowKind: store.RowUser, RowID: 1, WorkspaceID: 2, State: store.StepRefused, Message: "Cannot remove workspace owner."}
	if a.AddRefusals([]store.Step{refused}); a.Cell(store.RowUser, 1, 1).Lock != changes.Unlocked {
		t.Error("locked for other words")
	}
	refused.Message = "Cannot remove paying user."
	if a.AddRefusals([]store.Step{refused}); a.Cell(store.RowUser, 1, 1).Lock != changes.LockPaying {
		t.Error("not locked")
	}
}
