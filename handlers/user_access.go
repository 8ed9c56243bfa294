package handlers

import (
	"slices"
	"strconv"
	"strings"

	"roster/apiclient"
	"roster/views"
)

// accessPath says how somebody comes to be in a workspace. Toggl's list of users
// names the groups that open it, but not whether the user is a direct member as
// well, so that is not claimed.
func accessPath(w apiclient.UserWorkspace) string {
	if len(w.Groups) == 0 {
		return "Direct"
	}
	return "Via " + groupNames(w.Groups)
}

func groupNames(groups []apiclient.GroupRef) string {
	names := make([]string, len(groups))
	for i, g := range groups {
		names[i] = g.Name
	}
	return joinNames(names, len(names))
}

// access is what Toggl has stored, in words: where the user gets in and what
// they see there. What is typed and not saved is no access yet.
func (f userForm) access() []views.Fact {
	u := f.user
	list := []views.Fact{accessSpread(u)}
	if via := viaGroups(u); len(via) > 0 {
		list = append(list, via...)
	}
	list = append(list,
		f.highestRole(),
		seen("May see and edit rates", u, func(w apiclient.UserWorkspace) *bool { return w.ViewEditBillableRates }),
		seen("May see and edit costs", u, func(w apiclient.UserWorkspace) *bool { return w.ViewEditLaborCosts }),
	)
	if asleep := namesOf(u.Workspaces, func(w apiclient.UserWorkspace) bool { return w.Inactive }); len(asleep) > 0 && !u.Inactive {
		list = append(list, views.Fact{Term: "Inactive in", Value: views.Count(len(asleep)), Hint: joinNames(asleep, len(asleep))})
	}
	switch {
	case u.Inactive:
		list = append(list, views.Fact{Term: "As long as inactive", Value: "no access to any of it"})
	case !u.Joined:
		list = append(list, views.Fact{Term: "Until the invitation is accepted", Value: "no access to any of it"})
	case u.Owner || u.Admin:
		list = append(list, views.Fact{Term: "As " + strings.ToLower(userRole(&u).Text), Value: "manages the organization’s users, groups and workspaces"})
	}
	return list
}

func accessSpread(u apiclient.OrganizationUser) views.Fact {
	via := namesOf(u.Workspaces, func(w apiclient.UserWorkspace) bool { return len(w.Groups) > 0 })
	fact := views.Fact{Term: "Workspaces", Value: views.Count(len(u.Workspaces))}
	switch direct := len(u.Workspaces) - len(via); {
	case len(u.Workspaces) == 0:
	case len(via) == 0:
		fact.Hint = "all direct"
	case direct == 0:
		fact.Hint = "all through groups, and perhaps direct too: Toggl doesn’t say here"
	default:
		fact.Hint = strconv.Itoa(direct) + " direct; " + strconv.Itoa(len(via)) + " through groups, and perhaps direct too: Toggl doesn’t say here"
	}
	return fact
}

// viaGroups names the workspaces that each group opens.
func viaGroups(u apiclient.OrganizationUser) []views.Fact {
	var list []views.Fact
	for _, g := range u.Groups {
		opened := namesOf(u.Workspaces, func(w apiclient.UserWorkspace) bool {
			return slices.ContainsFunc(w.Groups, func(other apiclient.GroupRef) bool { return other.GroupID == g.GroupID })
		})
		if len(opened) > 0 {
			list = append(list, views.Fact{Term: "Via " + g.Name, Value: views.Count(len(opened)), Hint: joinNames(opened, len(opened))})
		}
	}
	return list
}

// highestRole is that in a workspace; the role in the organization stands in
// the form.
func (f userForm) highestRole() views.Fact {
	fact := views.Fact{Term: "Highest workspace role", Value: "–"}
	level := int64(-1)
	var where []string
	for _, w := range f.user.Workspaces {
		role, ok := f.choices.role(formID(w.RoleID))
		switch {
		case !ok || role.PrivilegeLevel < level:
		case role.PrivilegeLevel == level:
			where = append(where, w.WorkspaceName)
		default:
			fact.Value, level, where = role.Name, role.PrivilegeLevel, []string{w.WorkspaceName}
		}
	}
	if len(where) > 0 {
		fact.Hint = "in " + joinNames(where, 3)
	} else if f.choices.rolesErr != nil {
		fact.Hint = "The roles could not be read."
	}
	return fact
}

func seen(term string, u apiclient.OrganizationUser, flag func(apiclient.UserWorkspace) *bool) views.Fact {
	names := namesOf(u.Workspaces, func(w apiclient.UserWorkspace) bool { return count(flag(w)) > 0 })
	if len(names) == 0 {
		return views.Fact{Term: term, Value: "nowhere"}
	}
	return views.Fact{Term: term, Value: "in " + views.Count(len(names)), Hint: joinNames(names, len(names))}
}

func namesOf(workspaces []apiclient.UserWorkspace, which func(apiclient.UserWorkspace) bool) []string {
	var names []string
	for _, w := range workspaces {
		if which(w) {
			names = append(names, w.WorkspaceName)
		}
	}
	return names
}

// count is 1 for a flag that is set, and 0 where it isn't or Toggl doesn't tell.
func count(flag *bool) int {
	if flag != nil && *flag {
		return 1
	}
	return 0
}
