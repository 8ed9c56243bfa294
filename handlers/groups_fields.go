package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"roster/views"
)

const (
	fieldEmoji = "emoji"
	// fieldMembers stands among what the form remembers, not among what it edits:
	// members are added and removed on their own.
	fieldMembers = "members"
)

// groupFields are a group as the form remembers it: its name and emoji, a field
// for each workspace, and who is in it.
func groupFields(g group, withEmoji bool) userFields {
	f := userFields{fieldName: g.Name, fieldMembers: joinIDs(slices.Sorted(slices.Values(g.input().Members)))}
	if withEmoji {
		f[fieldEmoji] = g.Emoji
	}
	for _, w := range g.Workspaces {
		f[workspaceField(w.ID, "")] = "true"
	}
	return f
}

// readGroupFields takes what was typed, with what the person chose where
// somebody else had changed the same field: "theirs" is the value that they were
// shown. A form without boxes changes no workspace.
func readGroupFields(form url.Values, was userFields) userFields {
	typed := userFields{}
	for name, value := range was {
		if _, _, ok := parseWorkspaceField(name); !ok || !form.Has("boxes") {
			typed[name] = value
		}
	}
	for _, name := range []string{fieldName, fieldEmoji} {
		if _, ok := was[name]; ok && form.Has(name) && asTyped(last(form[name])) != asTyped(was[name]) {
			typed[name] = last(form[name])
		}
		if form.Get("resolve."+name) == "theirs" {
			typed[name] = was[name]
		}
	}
	for name := range form {
		if id, member, ok := parseWorkspaceField(name); ok && member == "" {
			typed[workspaceField(id, "")] = "true"
		}
	}
	return typed
}

// workspaceIDsOf are the workspaces among the fields.
func workspaceIDsOf(f userFields) []int64 {
	ids := []int64{}
	for name := range f {
		if id, member, ok := parseWorkspaceField(name); ok && member == "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// parseIDs reads what joinIDs wrote, and one id a text as well; what is no id is
// left out.
func parseIDs(texts ...string) []int64 {
	var ids []int64
	for _, text := range texts {
		for part := range strings.SplitSeq(text, ",") {
			if id, err := strconv.ParseInt(part, 10, 64); err == nil {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// changedInGroup are the fields that differ, in the order of the form.
func changedInGroup(was, now userFields) []string {
	names := changed(was, now)
	rank := func(name string) int {
		if name == fieldEmoji {
			return -1
		}
		return fieldRank(name)
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names
}

// findConflicts compares the group as it was when the form was opened with how
// it is now. A workspace that both changed is the same in both; what only
// somebody else changed is taken over, and of the texts that both changed the
// person's stays until they choose.
func (f *groupForm) findConflicts(was userFields) []views.Conflict {
	var conflicts []views.Conflict
	for _, name := range changedInGroup(was, f.was) {
		c := views.Conflict{
			Name: name, Label: f.label(name), Both: f.typed[name] != was[name] && f.typed[name] != f.was[name],
			Was: f.value(name, was[name]), Now: f.value(name, f.was[name]), Mine: f.value(name, f.typed[name]),
		}
		if name == fieldMembers {
			c.Both, c.Now = false, f.memberChanges(parseIDs(was[name]), parseIDs(f.was[name]))
		}
		if !c.Both {
			takeOver(f.typed, f.was, name)
		}
		conflicts = append(conflicts, c)
	}
	return conflicts
}

// memberChanges is "13 members: Ana Kovač added".
func (f *groupForm) memberChanges(was, now []int64) string {
	words := []string{views.Plural(len(now), "member", "members")}
	for _, part := range []struct {
		ids  []int64
		verb string
	}{{missing(now, was), "added"}, {missing(was, now), "removed"}} {
		if len(part.ids) > 0 {
			words = append(words, joinNames(f.memberNames(part.ids), 3)+" "+part.verb)
		}
	}
	return strings.Join(words, ", ")
}

// memberNames also names those who aren't in the group, by what is known.
func (f *groupForm) memberNames(ids []int64) []string {
	members := make(map[int64]groupMember, len(f.known))
	for i := range f.known {
		u := &f.known[i]
		members[f.source.memberID(*u)] = groupMember{Name: displayName(u.Name, u.Email)}
	}
	for _, m := range f.group.Members {
		members[m.ID] = m
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = memberName(groupMember{ID: id, Name: members[id].Name})
	}
	return names
}

func (f *groupForm) label(name string) string {
	if id, _, ok := parseWorkspaceField(name); ok {
		return f.workspaces.name(id)
	}
	return map[string]string{fieldName: "Name", fieldEmoji: "Emoji", fieldMembers: "Members"}[name]
}

func (f *groupForm) value(name, value string) string {
	if _, _, ok := parseWorkspaceField(name); ok {
		if value == "" {
			return "not in the group"
		}
		return "in the group"
	}
	if name == fieldMembers {
		return views.Plural(len(parseIDs(value)), "member", "members")
	}
	if value == "" {
		return "none"
	}
	return value
}
