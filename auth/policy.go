package auth

import (
	"slices"
	"strings"
)

// A Policy gives roles of Roster's own by what is known of an identity. The zero value
// gives none to anybody.
type Policy struct {
	// EditorGroups and ViewerGroups are names of groups, compared exactly.
	EditorGroups, ViewerGroups []string
	// Editors and Viewers are identities: the [Identity.Key] of one, or its Subject
	// alone. An entry with a space is always a key: a subject that looks like the key
	// of somebody else doesn't become them.
	Editors, Viewers []string
	// Everybody is the role of an identity that no list names.
	Everybody Role
}

// RoleOf returns the role of the identity: the best of what the lists say of it, and
// if they say nothing, that of everybody. Groups that aren't known give nothing.
func (p Policy) RoleOf(i Identity) Role {
	switch {
	case names(p.Editors, i) || inOne(p.EditorGroups, i):
		return RoleEditor
	case names(p.Viewers, i) || inOne(p.ViewerGroups, i):
		return RoleViewer
	}
	return p.Everybody
}

// AsksGroups reports whether roles are given by group.
func (p Policy) AsksGroups() bool { return len(p.EditorGroups)+len(p.ViewerGroups) > 0 }

func names(list []string, i Identity) bool {
	if i.Subject == "" {
		return false
	}
	return slices.ContainsFunc(list, func(entry string) bool {
		return entry == i.Key() || entry == i.Subject && !strings.Contains(entry, " ")
	})
}

func inOne(groups []string, i Identity) bool {
	return i.GroupsKnown && slices.ContainsFunc(i.Groups, func(group string) bool {
		return group != "" && slices.Contains(groups, group)
	})
}
