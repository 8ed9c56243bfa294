package handlers

import (
	"strings"

	"roster/changes"
	"roster/views"
)

// mostNamed is how many people are named at once; the others are counted.
const mostNamed = 100

// losses are what members lose, or may, when the group comes to hold after, and
// who keeps what in which way.
func (e *groupEffects) losses(after changes.GroupExtent) views.GroupLosses {
	var v views.GroupLosses
	names := e.memberNames()
	certain := true
	for workspaceID, members := range e.extent.Taken(after) {
		effect := e.access.GroupEffect(e.group.ID, workspaceID, members)
		certain = certain && effect.Certain()
		w := views.GroupLoss{
			Name: e.request.workspaces.name(workspaceID), URL: views.WorkspaceURL(e.request.organizationID, workspaceID, nil),
			Gone: views.Plural(len(members), "member", "members"),
		}
		if effect.AdminsOnly > 0 {
			count := adminCount{workspace: w.Name, lost: effect.AdminsOnly, left: effect.AdminsLeft, known: effect.AdminsKnown}
			w.Admins, w.LastAdmin = count.words()
		}
		e.addHolds(&w, workspaceID, members, names)
		v.Workspaces = append(v.Workspaces, w)
		v.Takes = v.Takes || effect.Takes()
	}
	v.Lead = lossLead(v, certain)
	return v
}

func lossLead(v views.GroupLosses, certain bool) string {
	switch {
	case len(v.Workspaces) == 0:
		return "No access goes with it: there is nobody in the group, or no workspace."
	case !v.Takes:
		return "Nobody loses access: whoever it concerns has it in another way, or has none."
	case certain:
		return "Access to these workspaces ends at once for whoever has it only via this group."
	}
	return "Access may end for more people than is certain: who has a workspace directly as well isn’t known of everybody."
}

// addHolds sorts the members by what they keep.
func (e *groupEffects) addHolds(w *views.GroupLoss, workspaceID int64, members []int64, names map[int64]string) {
	groups := map[changes.Hold]*views.LossPeople{}
	for m := range e.access.Holds(e.group.ID, workspaceID, members) {
		p, ok := groups[m.Hold]
		if !ok {
			p = &views.LossPeople{}
			groups[m.Hold] = p
		}
		p.Count++
		if p.Count <= mostNamed {
			p.People = append(p.People, views.LossPerson{Name: names[m.UserID], Way: e.way(m)})
		}
	}
	for _, hold := range []changes.Hold{changes.HoldNone, changes.HoldPerhaps, changes.HoldUnread, changes.HoldDirect, changes.HoldGroups, changes.HoldAbsent} {
		p, ok := groups[hold]
		if !ok {
			continue
		}
		p.Title, p.Bad = lossTitle(hold, p.Count), hold == changes.HoldNone
		p.Open = p.Bad || hold == changes.HoldPerhaps
		if more := p.Count - len(p.People); more > 0 {
			p.More = "and " + views.Count(more) + " more"
		}
		w.People = append(w.People, *p)
	}
}

func lossTitle(hold changes.Hold, n int) string {
	switch hold {
	case changes.HoldNone:
		return views.Plural(n, "member loses access", "members lose access")
	case changes.HoldPerhaps:
		return "Up to " + views.Plural(n, "member loses access", "members lose access") + ", unless they are direct members"
	case changes.HoldDirect:
		return views.Plural(n, "member keeps access, as a direct member", "members keep access, as direct members")
	case changes.HoldGroups:
		return views.Plural(n, "member keeps access via another group", "members keep access via other groups")
	case changes.HoldAbsent:
		return views.Plural(n, "member doesn’t have it", "members don’t have it")
	case changes.HoldUnread:
	}
	return "Of " + views.Plural(n, "member", "members") + " it isn’t known whether they lose access"
}

// way is how somebody keeps a workspace, where the title doesn't say it.
func (e *groupEffects) way(m changes.MemberHold) string {
	var parts []string
	if m.Admin {
		parts = append(parts, "workspace admin")
	}
	if len(m.Via) > 0 {
		parts = append(parts, via(e.access, m.Via))
	}
	return strings.Join(parts, ", ")
}

func (e *groupEffects) memberNames() map[int64]string {
	names := make(map[int64]string, len(e.group.Members))
	for _, m := range e.group.Members {
		names[m.UserID] = memberName(m)
	}
	return names
}
