package handlers

import (
	"regexp"

	"roster/apiclient"
	"roster/views"
)

// refusalPlace says to which field of the user form a message of Toggl belongs.
type refusalPlace struct {
	message *regexp.Regexp
	field   string
}

// refusalPlaces are the documented messages of PUT organization user that are
// always about the same field. Those that name a role, a group or a workspace
// are placed by what was sent.
var refusalPlaces = []refusalPlace{
	{regexp.MustCompile(`^Missing e-mail|^Invalid e-mail|^Email already exists|^User has multiple organizations`), fieldEmail},
	{regexp.MustCompile(`^Field 'name'`), fieldName},
	{regexp.MustCompile(`^Invalid role_id|^Invalid organization role|^Invalid role ID|admin flags and role_id|^Cannot remove admin privileges`), fieldRole},
	{regexp.MustCompile(`^Cannot deactivate`), fieldInactive},
}

var (
	invalidWorkspaceRole = regexp.MustCompile(`^Invalid workspace role with ID: (\d+)`)
	foreignGroup         = regexp.MustCompile(`^Group '(.*)' is not in Organization '`)
	invalidHours         = regexp.MustCompile(`(?i)^working.hours`)
	foreignWorkspace     = regexp.MustCompile(`^Workspace '(.*)' is not in Organization '`)
)

// place puts Toggl's words beside what caused them; words about nothing in
// particular go above the form.
func (f *userForm) place(e *apiclient.Error) {
	words := wordsOf(e)
	fields := f.placesOf(e.Message)
	if len(fields) == 0 {
		return
	}
	f.faults = make(map[string]views.FieldError, len(fields))
	for _, field := range fields {
		f.faults[field] = words
	}
}

func (f *userForm) placesOf(message string) []string {
	if m := invalidWorkspaceRole.FindStringSubmatch(message); m != nil {
		return f.fieldsWith(func(name, value string) bool {
			_, member, ok := parseWorkspaceField(name)
			return ok && member == memberRole && value == m[1]
		})
	}
	if m := foreignGroup.FindStringSubmatch(message); m != nil {
		return f.fieldsWith(func(name, _ string) bool {
			id, ok := parseGroupField(name)
			return ok && (formID(&id) == m[1] || f.choices.groupName(id) == m[1])
		})
	}
	if m := foreignWorkspace.FindStringSubmatch(message); m != nil {
		return f.fieldsWith(func(name, _ string) bool {
			id, member, ok := parseWorkspaceField(name)
			return ok && member == "" && (formID(&id) == m[1] || f.choices.workspaceName(id) == m[1])
		})
	}
	if invalidHours.MatchString(message) {
		return f.fieldsWith(func(name, value string) bool {
			_, member, ok := parseWorkspaceField(name)
			return ok && member == memberHours && value != f.was[name]
		})
	}
	for _, place := range refusalPlaces {
		if place.message.MatchString(message) {
			return []string{place.field}
		}
	}
	return nil
}

func (f *userForm) fieldsWith(match func(name, value string) bool) []string {
	var names []string
	for name, value := range f.typed {
		if match(name, value) {
			names = append(names, name)
		}
	}
	return names
}
