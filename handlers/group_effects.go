package handlers

import (
	"cmp"
	"context"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"roster/apiclient"
	"roster/changes"
	"roster/views"
)

// paramDirect asks who has a direct membership, of every workspace of the group.
const paramDirect = "direct"

// mostRead is how many workspaces are asked at most with one click.
const mostRead = 20

// groupEffects are what a group does for its members, as far as it is known.
type groupEffects struct {
	request groupsRequest
	group   group
	extent  changes.GroupExtent // of the group, by global user ids
	access  *changes.Access
	// twin says whether what Track tells is about this group; it is asked anew at
	// most once.
	twin      twin
	askedTwin bool
	// err is why a workspace couldn't be asked who is direct.
	err error
}

// knownGroupEffects asks for nothing: it takes the users, the groups and the
// users of workspaces that are cached, of whatever age.
func knownGroupEffects(ctx context.Context, api *apiclient.Client, r groupsRequest, g group) *groupEffects {
	e := &groupEffects{request: r, group: g, extent: groupExtent(g), access: changes.NewAccess(), twin: twinSame}
	if r.focus {
		e.twin = knownTwin(ctx, api, r, g)
	}
	if e.twin == twinSame {
		e.addKnown(ctx, api)
	}
	return e
}

// addKnown takes what is cached of the group that Track has as well.
func (e *groupEffects) addKnown(ctx context.Context, api *apiclient.Client) {
	r, g, known := e.request, e.group, api.Known()
	groups, _ := known.ListGroups(ctx, r.organizationID, apiclient.ListGroupsOptions{}) // unknown is none
	e.access.AddGroups(groups)
	members := map[int64]bool{}
	for _, m := range g.Members {
		members[m.UserID] = true
	}
	for i := range r.known {
		if members[r.known[i].UserID] {
			e.access.AddUsers(r.known[i : i+1])
		}
	}
	for _, w := range g.Workspaces {
		if users, err := known.ListWorkspaceUsers(ctx, r.organizationID, w.ID, apiclient.ListWorkspaceUsersOptions{}); err == nil {
			e.access.AddWorkspaceUsers(w.ID, users)
		}
	}
}

// readTwin asks for Track's groups, unless it is known that the group is one of
// them: they may have been read before it got its name.
func (e *groupEffects) readTwin(ctx context.Context, api *apiclient.Client) {
	if e.twin == twinSame {
		return
	}
	groups, err := api.ListGroups(ctx, e.request.organizationID, apiclient.ListGroupsOptions{})
	if e.err = err; err != nil {
		return
	}
	e.askedTwin = true
	if e.twin = twinAmong(groups, e.group); e.twin == twinSame {
		e.addKnown(ctx, api)
	}
}

// read asks the workspaces that a change takes from somebody and that haven't
// said who is direct, in a request each.
func (e *groupEffects) read(ctx context.Context, api *apiclient.Client, after changes.GroupExtent) {
	if e.readTwin(ctx, api); e.twin != twinSame {
		return
	}
	unread := e.unread(after)
	unread = unread[:min(len(unread), mostRead)]
	users := make([][]apiclient.WorkspaceUser, len(unread))
	failures := make([]error, len(unread))
	var calls errgroup.Group
	for i, id := range unread {
		calls.Go(func() error {
			users[i], failures[i] = api.ListWorkspaceUsers(ctx, e.request.organizationID, id, apiclient.ListWorkspaceUsersOptions{})
			return nil
		})
	}
	_ = calls.Wait() // what can't be read stays as it was
	for i, id := range unread {
		if failures[i] != nil {
			e.err = cmp.Or(e.err, failures[i])
			continue
		}
		e.access.AddWorkspaceUsers(id, users[i])
	}
}

// unread are the workspaces that the group takes from somebody by coming to hold
// after, and of which it isn't known what that takes.
func (e *groupEffects) unread(after changes.GroupExtent) []int64 {
	var ids []int64
	for id, members := range e.extent.Taken(after) {
		if !e.access.GroupEffect(e.group.ID, id, members).Certain() {
			ids = append(ids, id)
		}
	}
	return ids
}

// groupExtent has the members by name, the order in which they are named.
func groupExtent(g group) changes.GroupExtent {
	var x changes.GroupExtent
	for _, m := range g.membersByName() {
		x.Members = append(x.Members, m.UserID)
	}
	for _, w := range g.Workspaces {
		x.Workspaces = append(x.Workspaces, w.ID)
	}
	return x
}

// nothing is what a group holds once it is deleted.
var nothing changes.GroupExtent

// after is what the group will hold when it is what in says.
func (e *groupEffects) after(in groupInput) changes.GroupExtent {
	x, stays := changes.GroupExtent{Workspaces: in.Workspaces}, setOf(in.Members)
	for _, m := range e.group.Members {
		if stays[m.ID] {
			x.Members = append(x.Members, m.UserID)
		}
	}
	return x
}

// words say what the group adds in one of its workspaces: "9 only via this
// group"; empty where nothing is known.
func (e *groupEffects) words(workspaceID int64) string {
	return effectWords(e.access.GroupEffect(e.group.ID, workspaceID, e.extent.Members))
}

func effectWords(e changes.GroupEffect) string {
	has := e.Members - e.Absent
	switch {
	case has == 0 && e.Members > 0:
		return "No member has it yet"
	case e.Members == 0 || e.Unread == e.Members:
		return ""
	case e.Unread > 0:
		return partWords(e) + ", " + views.Count(e.Unread) + " not read"
	}
	return partWords(e)
}

func partWords(e changes.GroupEffect) string {
	has := e.Members - e.Absent - e.Unread
	switch {
	case e.Perhaps > 0:
		return "Up to " + views.Count(e.Only+e.Perhaps) + " only via this group"
	case e.Only > 0 && e.Only == has:
		return "All " + views.Count(e.Only) + " only via this group"
	case e.Only > 0:
		return views.Count(e.Only) + " only via this group"
	case e.Groups == 0:
		return "All " + views.Count(e.Direct) + " also direct"
	case e.Direct == 0:
		return "All " + views.Count(e.Groups) + " also via other groups"
	}
	return views.Count(e.Direct) + " also direct, " + views.Count(e.Groups) + " via other groups"
}

// offer is how to learn what isn't known; nil where everything is. A page leads
// there with a link; a form, where url is empty, with a button.
func (e *groupEffects) offer(url string, after changes.GroupExtent) *views.EffectsOffer {
	unread := len(e.unread(after))
	if unread == 0 || e.twin == twinNone && e.askedTwin {
		return nil
	}
	if e.twin == twinNone {
		return &views.EffectsOffer{URL: url, Label: "Read Track’s groups again", Cost: "costs 1 request or more", Text: "What Roster knows of them may be old."}
	}
	requests := min(unread, mostRead)
	if e.twin == twinUnread {
		requests++ // for Track's groups
	}
	o := &views.EffectsOffer{
		URL: url, Label: "Read who is direct", Cost: "costs " + views.Plural(requests, "request", "requests"),
		Text: "The users list doesn’t say who has a workspace directly as well.",
	}
	if unread > mostRead {
		o.Cost += " of " + views.Count(unread)
	}
	return o
}

// note says which workspace couldn't be asked, or that Toggl has no answer.
func (e *groupEffects) note(h *Handlers, c echo.Context) *views.Note {
	switch {
	case e.twin == twinNone:
		note := noTwinNote(e.group)
		return &note
	case e.err == nil:
		return nil
	case e.twin == twinUnread:
		return h.partNote(c, "The groups of Toggl Track could not be read.", e.err)
	}
	return h.partNote(c, "Not every workspace said who is a direct member.", e.err)
}
