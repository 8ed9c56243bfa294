package handlers

import (
	"net/url"
	"strings"

	"roster/views"
)

// settle applies what the person chose where somebody else had changed the same
// field: "theirs" takes the value that they were shown.
func settle(form url.Values, was, typed userFields) {
	for name, values := range form {
		field, ok := strings.CutPrefix(name, "resolve.")
		if ok && isUserField(field) && last(values) == "theirs" {
			takeOver(typed, was, field)
		}
	}
}

// takeOver makes a field what it is in from; that of a whole workspace with all
// that belongs to it.
func takeOver(typed, from userFields, name string) {
	names := []string{name}
	if id, member, ok := parseWorkspaceField(name); ok && member == "" {
		for _, member := range memberFields {
			names = append(names, workspaceField(id, member))
		}
	}
	for _, name := range names {
		if value, ok := from[name]; ok {
			typed[name] = value
		} else {
			delete(typed, name)
		}
	}
}

// findConflicts compares the fields as they were when the form was opened with
// those that Toggl has now; there are none while nobody else changed anything.
// What only somebody else changed is taken over into typed; where both changed
// a field, typed keeps the person's value until they choose.
func findConflicts(was, now, typed userFields, choices userChoices) []views.Conflict {
	var conflicts []views.Conflict
	for _, name := range changed(was, now) {
		id, member, inWorkspace := parseWorkspaceField(name)
		membership := workspaceField(id, "")
		switch {
		case inWorkspace && was[membership] != now[membership]:
			if member == "" {
				conflicts = append(conflicts, membershipConflict(id, was, now, typed, choices))
			}
		default:
			conflicts = append(conflicts, fieldConflict(name, was, now, typed, choices))
		}
	}
	return conflicts
}

func fieldConflict(name string, was, now, typed userFields, choices userChoices) views.Conflict {
	c := views.Conflict{
		Name: name, Label: choices.label(name), Both: typed[name] != was[name] && typed[name] != now[name],
		Was: choices.value(name, was[name]), Now: choices.value(name, now[name]), Mine: choices.value(name, typed[name]),
	}
	if !c.Both {
		takeOver(typed, now, name)
	}
	return c
}

// membershipConflict is about a workspace that somebody else added the user to,
// or removed them from, while the form was open.
func membershipConflict(id int64, was, now, typed userFields, choices userChoices) views.Conflict {
	name, role := workspaceField(id, ""), workspaceField(id, memberRole)
	c := views.Conflict{Name: name, Label: choices.label(name)}
	if now[name] == "" {
		c.Was, c.Now, c.Mine = "in", "not in", "in, "+strings.Join(typedIn(id, was, typed, choices), ", ")
		c.Both = typed[workspaceField(id, memberRemove)] != "true" && c.Mine != "in, "
		if !c.Both {
			takeOver(typed, now, name)
		}
		return c
	}
	mine, added := typed[role], typed[name] == "true"
	c.Was, c.Now, c.Mine = "not in", "in as "+choices.roleName(now[role]), "in as "+choices.roleName(mine)
	c.Both = added && mine != now[role]
	takeOver(typed, now, name)
	if c.Both {
		typed[role] = mine
	}
	return c
}

// typedIn are the changes that the person made within a workspace, in words.
func typedIn(id int64, was, typed userFields, choices userChoices) []string {
	var words []string
	for _, member := range memberFields {
		if name := workspaceField(id, member); member != memberRemove && typed[name] != was[name] {
			words = append(words, strings.ToLower(memberLabels[member])+" "+choices.value(name, typed[name]))
		}
	}
	return words
}
