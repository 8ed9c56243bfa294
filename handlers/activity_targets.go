package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"roster/apiclient"
)

// The kinds of things that changes are about, as the log of activity has them.
const (
	targetOrganization     = "organization"
	targetOrganizationUser = "organization_user"
	targetWorkspace        = "workspace"
	targetWorkspaceUser    = "workspace_user"
	targetGroup            = "group"
	targetInvitation       = "invitation"
)

// targetKinds are the kinds of things by the word before their id in a path.
var targetKinds = map[string]string{
	"organizations": targetOrganization, "users": targetOrganizationUser, "workspaces": targetWorkspace,
	"workspace_users": targetWorkspaceUser, "groups": targetGroup, "invitations": targetInvitation,
}

// deletedKinds are the kinds of things that the bulk calls delete.
var deletedKinds = map[string]string{
	"BulkUpdateOrganizationUsers": targetOrganizationUser, "RemoveWorkspaceUsers": targetWorkspaceUser,
}

// A target is one thing that a change is about, with the part of the body that
// is about it.
type target struct {
	kind string
	id   int64
	body json.RawMessage
}

// targetsOf are what a change is about: the last id of the path, or each of
// those that a bulk call deletes.
func targetsOf(change apiclient.Change) []target {
	var body struct {
		Delete []int64 `json:"delete"`
	}
	if kind, ok := deletedKinds[change.Operation]; ok && json.Unmarshal(change.New, &body) == nil && len(body.Delete) > 0 {
		targets := make([]target, len(body.Delete))
		for i, id := range body.Delete {
			targets[i] = target{kind: kind, id: id}
		}
		return targets
	}
	about := target{kind: targetOrganization, id: change.OrganizationID, body: change.New}
	if n := len(change.Path); n > 0 {
		last := change.Path[n-1]
		about.kind, about.id = cmp.Or(targetKinds[last.Name], last.Name), last.ID
	}
	if about.kind == targetOrganization {
		about.id = change.OrganizationID // Focus may have another number for it in the path
	}
	return []target{about}
}

// targetName is what people call it, as far as that is known without asking.
func targetName(ctx context.Context, known *apiclient.Client, change apiclient.Change, about target) string {
	switch id := change.OrganizationID; about.kind {
	case targetOrganization:
		o, _ := known.GetOrganization(ctx, about.id) // unknown has no name
		return o.Name
	case targetOrganizationUser:
		u, _ := known.FindOrganizationUser(ctx, id, about.id, "") // unknown has no name
		return cmp.Or(u.Name, u.Email)
	case targetWorkspace:
		return workspaceNamed(ctx, known, about.id)
	case targetWorkspaceUser:
		return workspaceUserNamed(ctx, known, change, about.id)
	case targetGroup:
		name := cmp.Or(namedBy(change.Old), namedBy(change.New))
		if change.API == apiFocus && name != "" {
			return name // its numbers of groups need not be Track's
		}
		groups, _ := known.ListGroups(ctx, id, apiclient.ListGroupsOptions{}) // unknown has no name
		if i := slices.IndexFunc(groups, func(g apiclient.Group) bool { return g.GroupID == about.id }); i >= 0 {
			return groups[i].Name
		}
		return name
	}
	return ""
}

// namedBy is the name that a body holds.
func namedBy(body json.RawMessage) string {
	var named struct {
		Name string `json:"name"`
	}
	_ = json.Unmarshal(body, &named) // what can't be read has no name
	return named.Name
}

func workspaceNamed(ctx context.Context, known *apiclient.Client, id int64) string {
	workspaces, _ := known.ListMyWorkspaces(ctx) // unknown has no name
	if i := slices.IndexFunc(workspaces, func(w apiclient.Workspace) bool { return w.ID == id }); i >= 0 {
		return workspaces[i].Name
	}
	return ""
}

// workspaceUserNamed is "Hana Sato in Delivery".
func workspaceUserNamed(ctx context.Context, known *apiclient.Client, change apiclient.Change, id int64) string {
	i := slices.IndexFunc(change.Path, func(p apiclient.PathID) bool { return p.Name == "workspaces" })
	if i < 0 {
		return ""
	}
	workspace := workspaceNamed(ctx, known, change.Path[i].ID)
	u, err := findWorkspaceUser(ctx, known, change.OrganizationID, change.Path[i].ID, id, "")
	name := cmp.Or(u.Name, u.Email)
	if err != nil {
		name = namedInUsers(ctx, known, change.OrganizationID, change.Path[i].ID, id)
	}
	if name == "" || workspace == "" {
		return cmp.Or(name, workspace)
	}
	return name + " in " + workspace
}

// namedInUsers looks for a workspace user among the organization's users.
func namedInUsers(ctx context.Context, known *apiclient.Client, organizationID, workspaceID, workspaceUserID int64) string {
	u, ok := knownUser(ctx, known, organizationID, func(u apiclient.OrganizationUser) bool {
		return slices.ContainsFunc(u.Workspaces, func(w apiclient.UserWorkspace) bool {
			return w.WorkspaceID == workspaceID && w.WorkspaceUserID == workspaceUserID
		})
	})
	if !ok {
		return ""
	}
	return cmp.Or(u.Name, u.Email)
}

// pickOld is the part of what was that a body replaces: the members that both
// have, those of lists by the id of their workspace. What has no body, as a
// deletion, replaces all.
func pickOld(was, body json.RawMessage) json.RawMessage {
	if len(body) == 0 {
		return was
	}
	var old, now map[string]any
	if json.Unmarshal(was, &old) != nil || json.Unmarshal(body, &now) != nil {
		return nil
	}
	picked, err := json.Marshal(pick(old, now))
	if err != nil {
		return nil
	}
	return picked
}

func pick(was, now map[string]any) map[string]any {
	picked := map[string]any{}
	for name, value := range now {
		old, ok := was[name]
		if !ok {
			continue
		}
		picked[name] = pickValue(old, value)
	}
	return picked
}

func pickValue(old, now any) any {
	olds, isList := old.([]any)
	news, wantsList := now.([]any)
	if !isList || !wantsList {
		return old
	}
	list := []any{}
	for _, element := range olds {
		members, isObject := element.(map[string]any)
		switch {
		case !isObject:
			list = append(list, element)
		case members["group_id"] != nil && !hasObjects(news): // a list of ids replaces a list of groups
			list = append(list, members["group_id"])
		default:
			if same := sameWorkspace(news, members); same != nil {
				list = append(list, pick(members, same))
			}
		}
	}
	return list
}

func hasObjects(list []any) bool {
	return slices.ContainsFunc(list, func(element any) bool { _, ok := element.(map[string]any); return ok })
}

func sameWorkspace(list []any, members map[string]any) map[string]any {
	for _, element := range list {
		if other, ok := element.(map[string]any); ok && other["workspace_id"] != nil && other["workspace_id"] == members["workspace_id"] {
			return other
		}
	}
	return nil
}
