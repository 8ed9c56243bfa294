package handlers

import (
	"regexp"
	"strconv"
	"strings"

	"roster/apiclient"
	"roster/views"
)

// invitationPlaces say to which part of the form a message of Toggl belongs.
// What is about the organization's limits stands above the form.
var invitationPlaces = []refusalPlace{
	{regexp.MustCompile(`(?i)^at least one email|e-?mail`), fieldEmails},
	{regexp.MustCompile(`(?i)workspace`), fieldWorkspaces},
	{regexp.MustCompile(`(?i)group`), fieldGroups},
}

// place puts Toggl's words beside what caused them.
func (f *invitation) place(e *apiclient.Error) {
	words := wordsOf(e)
	if m := invalidWorkspaceRole.FindStringSubmatch(e.Message); m != nil {
		f.faults = map[string]views.FieldError{}
		for _, id := range f.workspaces {
			if strconv.FormatInt(f.roles[id], 10) == m[1] {
				f.faults["role_id["+strconv.FormatInt(id, 10)+"]"] = words
			}
		}
		return
	}
	for _, place := range invitationPlaces {
		if place.message.MatchString(e.Message) {
			f.faults = map[string]views.FieldError{place.field: words}
			f.refused = named(e.Message, f.addresses)
			return
		}
	}
}

// named is the address that a message names in quotes, empty where it names
// none. An address may hold a quote itself, so those that were sent are looked
// for, and not what stands between quotes.
func named(message string, addresses []string) string {
	for _, address := range addresses {
		if strings.Contains(strings.ToLower(message), "'"+strings.ToLower(address)+"'") {
			return address
		}
	}
	return ""
}
