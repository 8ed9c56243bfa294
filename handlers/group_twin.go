package handlers

import (
	"context"
	"slices"
	"strings"

	"roster/apiclient"
	"roster/views"
)

// A twin says whether a group's number means the same group in Track, of which
// everything is that is known about access. That Focus and Track number groups
// alike is documented nowhere, so that the name must agree as well.
type twin int

const (
	twinUnread twin = iota // Track's groups have not been read
	twinSame
	twinNone // Track has another group of that number, or none
)

// knownTwin asks nobody: Track's groups may have been read, or users who are in
// them.
func knownTwin(ctx context.Context, api *apiclient.Client, r groupsRequest, g group) twin {
	groups, err := api.Known().ListGroups(ctx, r.organizationID, apiclient.ListGroupsOptions{})
	if err == nil {
		return twinAmong(groups, g)
	}
	for i := range r.known {
		for _, in := range r.known[i].Groups {
			if in.GroupID == g.ID {
				return twinNamed(in.Name, g)
			}
		}
	}
	return twinUnread
}

// twinAmong looks for a group among all of Track's.
func twinAmong(groups []apiclient.Group, g group) twin {
	i := slices.IndexFunc(groups, func(other apiclient.Group) bool { return other.GroupID == g.ID })
	if i < 0 {
		return twinNone
	}
	return twinNamed(groups[i].Name, g)
}

func twinNamed(name string, g group) twin {
	if strings.TrimSpace(name) == strings.TrimSpace(g.Name) {
		return twinSame
	}
	return twinNone
}

// noTwinNote says why nothing is known about access through a group of Focus.
func noTwinNote(g group) views.Note {
	return views.Note{
		Kind: "warn", Strong: "What this group gives to whom isn’t known.",
		Text: "Who has access is read from Toggl Track, which has no group “" + groupName(g) + "” with this number: the two products may number their groups differently.",
	}
}
