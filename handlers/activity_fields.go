package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"roster/apiclient"
	"roster/views"
)

// activityNames are names of things that values are ids of, as far as they are
// known without asking.
type activityNames struct {
	roles, groups, workspaces map[int64]string
	// users are by their global id, organizationUsers by the organization's.
	users, organizationUsers map[int64]string
}

func knownActivityNames(ctx context.Context, api *apiclient.Client, organizationID int64) activityNames {
	known := api.Known()
	n := activityNames{map[int64]string{}, map[int64]string{}, map[int64]string{}, map[int64]string{}, map[int64]string{}}
	roles, _ := known.ListTrackRoles(ctx, organizationID) // unknown has no names
	for _, r := range roles {
		n.roles[r.RoleID] = r.Name
	}
	groups, _ := known.ListGroups(ctx, organizationID, apiclient.ListGroupsOptions{}) // unknown has no names
	for _, g := range groups {
		n.groups[g.GroupID] = g.Name
	}
	workspaces, _ := known.ListMyWorkspaces(ctx) // unknown has no names
	for _, w := range workspaces {
		n.workspaces[w.ID] = w.Name
	}
	users := api.KnownOrganizationUsers(organizationID)
	for i := range users {
		u := &users[i]
		n.users[u.UserID] = displayName(u.Name, u.Email)
		n.organizationUsers[u.ID] = n.users[u.UserID]
	}
	return n
}

// activityLabels are the members of bodies in words.
var activityLabels = map[string]string{
	"name": "Name", "email": "Email", "emails": "Emails", "role_id": "Role", "inactive": "Deactivated", "groups": "Groups", "workspaces": "Workspaces",
	"organization_admin": "Admin", "rate": "Billable rate", "cost": "Labor cost", "labor_cost": "Labor cost", "working_hours": "Working hours",
	"working_hours_in_minutes": "Working minutes", "view_edit_billable_rates": "Sees billable rates", "view_edit_labor_costs": "Sees labor costs",
	"default_currency": "Currency", "admins": "Admins", "workspace_name": "Workspace", "users": "Members", "organization_users": "Members",
}

func activityLabel(name string) string {
	return cmp.Or(activityLabels[name], capitalized(strings.ReplaceAll(name, "_", " ")))
}

// activityFields are the values of a row, before and after. A body that is no
// object is shown as it was sent.
func activityFields(old, now string, names activityNames) []views.ActivityField {
	if now == "" {
		return names.deleted(old)
	}
	after, ok := jsonObject(now)
	if patches := names.patches(now); !ok && patches != nil {
		return patches
	}
	if !ok {
		return []views.ActivityField{{Label: "Sent", New: now}}
	}
	before, _ := jsonObject(old) // none: not known
	if direct, ok := after["direct"].(bool); ok {
		return []views.ActivityField{accessField(before, after, direct, names)}
	}
	return names.compare("", before, after)
}

// deleted is what a change took away whole.
func (n activityNames) deleted(old string) []views.ActivityField {
	before, _ := jsonObject(old) // none: not known
	var list []views.ActivityField
	for _, name := range slices.Sorted(maps.Keys(before)) {
		list = append(list, views.ActivityField{Label: activityLabel(name), Old: n.value(name, before[name]), New: "deleted"})
	}
	return list
}

// patches are the changes of a group's members and workspaces; nil where the
// text is no list of such.
func (n activityNames) patches(text string) []views.ActivityField {
	var sent []apiclient.GroupPatch
	if err := json.Unmarshal([]byte(text), &sent); err != nil {
		return nil
	}
	var list []views.ActivityField
	for _, patch := range sent {
		if patch.Op == "" || patch.Path == "" {
			return nil
		}
		name := strings.TrimPrefix(patch.Path, "/")
		values := make([]any, len(patch.Value))
		for i, id := range patch.Value {
			values[i] = json.Number(strconv.FormatInt(id, 10))
		}
		f := views.ActivityField{Label: activityLabel(name), New: n.value(name, values)}
		if patch.Op == "remove" {
			f.Old, f.New = f.New, "removed"
		}
		list = append(list, f)
	}
	return list
}

func accessField(before, after map[string]any, direct bool, names activityNames) views.ActivityField {
	workspace, _ := after["workspace"].(string)
	if workspace == "" {
		workspace = names.value("workspace_id", after["workspace_id"])
	}
	f := views.ActivityField{Label: "Direct access to " + workspace, New: views.YesNo(direct)}
	if was, ok := before["direct"].(bool); ok {
		f.Old = views.YesNo(was)
	}
	return f
}

// compare lists members by name; those of a workspace are told apart by its name.
func (n activityNames) compare(place string, before, after map[string]any) []views.ActivityField {
	var list []views.ActivityField
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if elements, ok := after[name].([]any); ok && hasObjects(elements) {
			list = append(list, n.elements(name, before[name], elements)...)
			continue
		}
		if name == "workspace_id" {
			continue // the place says it
		}
		f := views.ActivityField{Label: activityLabel(name) + place, New: n.value(name, after[name])}
		if was, ok := before[name]; ok {
			f.Old = n.value(name, was)
		}
		if f.Old != f.New {
			list = append(list, f)
		}
	}
	return list
}

func (n activityNames) elements(name string, before any, after []any) []views.ActivityField {
	olds, _ := before.([]any)
	var list []views.ActivityField
	for _, element := range after {
		members, ok := element.(map[string]any)
		if !ok || members["workspace_id"] == nil {
			return append(list, views.ActivityField{Label: activityLabel(name), New: jsonText(after)})
		}
		was := sameWorkspace(olds, members)
		place := " in " + n.value("workspace_id", members["workspace_id"])
		fields := n.compare(place, was, members)
		if len(fields) == 0 && was == nil {
			fields = []views.ActivityField{{Label: "Access to " + n.value("workspace_id", members["workspace_id"]), New: "Yes"}}
		}
		list = append(list, fields...)
	}
	return list
}

// value is one value in words.
func (n activityNames) value(name string, value any) string {
	switch v := value.(type) {
	case nil:
		return "–"
	case bool:
		return views.YesNo(v)
	case string:
		return cmp.Or(v, "–")
	case json.Number:
		return n.number(name, v)
	case []any:
		if len(v) == 0 {
			return "none"
		}
		texts := make([]string, len(v))
		for i := range v {
			texts[i] = n.value(name, v[i])
		}
		return strings.Join(texts, ", ")
	}
	return jsonText(value)
}

func (n activityNames) number(name string, value json.Number) string {
	id, err := strconv.ParseInt(value.String(), 10, 64)
	if err != nil {
		return value.String()
	}
	known := map[string]map[int64]string{
		"role_id": n.roles, "groups": n.groups, "workspace_id": n.workspaces, "workspaces": n.workspaces,
		"users": n.users, "organization_users": n.organizationUsers,
	}
	return cmp.Or(known[name][id], value.String())
}

// jsonObject reads an object with its numbers as they are written.
func jsonObject(text string) (map[string]any, bool) {
	var object map[string]any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	err := decoder.Decode(&object)
	return object, err == nil && object != nil
}
