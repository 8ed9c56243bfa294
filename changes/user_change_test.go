package changes_test

import (
	"encoding/json"
	"testing"

	"roster/apiclient"
	"roster/changes"
)

func TestUserChange(t *testing.T) {
	role := int64(12)
	member := apiclient.OrganizationUser{ID: 9, RoleID: &role, Groups: []apiclient.GroupRef{{GroupID: 5}, {GroupID: 2}}}
	inactive, owner := member, member
	inactive.Inactive, owner.Owner = true, true
	for _, tt := range []struct {
		name   string
		change changes.UserChange
		user   apiclient.OrganizationUser
		body   string
		skip   changes.Skip
	}{
		{"deactivate", changes.UserChange{Kind: changes.Deactivate}, member, `{"inactive":true}`, ""},
		{"deactivate inactive", changes.UserChange{Kind: changes.Deactivate}, inactive, "", changes.SkipAlready},
		{"deactivate owner", changes.UserChange{Kind: changes.Deactivate}, owner, "", changes.SkipOwner},
		{"reactivate", changes.UserChange{Kind: changes.Reactivate}, inactive, `{"inactive":false}`, ""},
		{"reactivate active", changes.UserChange{Kind: changes.Reactivate}, owner, "", changes.SkipAlready},
		{"role", changes.UserChange{Kind: changes.SetRole, RoleID: 11}, member, `{"role_id":11}`, ""},
		{"same role", changes.UserChange{Kind: changes.SetRole, RoleID: 12}, member, "", changes.SkipAlready},
		{"no role known", changes.UserChange{Kind: changes.SetRole, RoleID: 12}, apiclient.OrganizationUser{}, `{"role_id":12}`, ""},
		{"role of owner", changes.UserChange{Kind: changes.SetRole, RoleID: 11}, owner, "", changes.SkipOwner},
		{"groups", changes.UserChange{Kind: changes.AddToGroups, GroupIDs: []int64{7, 3, 5}}, member, `{"groups":[2,3,5,7]}`, ""},
		{"groups of owner", changes.UserChange{Kind: changes.AddToGroups, GroupIDs: []int64{7}}, owner, `{"groups":[2,5,7]}`, ""},
		{"in all groups", changes.UserChange{Kind: changes.AddToGroups, GroupIDs: []int64{5}}, member, "", changes.SkipAlready},
	} {
		t.Run(tt.name, func(t *testing.T) {
			step, skip := tt.change.Step(7, tt.user)
			if skip != tt.skip {
				t.Fatalf("left out: %q, want %q", skip, tt.skip)
			}
			if skip != "" {
				return
			}
			update, ok := step.Call.(changes.UserUpdate)
			if !ok || step.ID != tt.user.ID || update.OrganizationUserID != tt.user.ID || update.OrganizationID != 7 {
				t.Errorf("step %+v", step)
			}
			body, err := json.Marshal(update.Input)
			if err != nil || string(body) != tt.body {
				t.Errorf("sends %s (%v), want %s", body, err, tt.body)
			}
		})
	}
}
