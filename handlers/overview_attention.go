package handlers

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"roster/apiclient"
	"roster/views"
)

// Toggl's invitations expire after 30 days; from 14 on they are worth a look.
const (
	oldInvitation     = 14 * 24 * time.Hour
	invitationExpires = 30
)

// census counts the users that were read. Where that is not all of them, each
// number is a lower bound.
type census struct {
	whole                               bool
	active, invited, inactive           int
	admins, owners                      int
	noTwoFactor, adminsWithoutTwoFactor int
	oldInvited, homeless                []apiclient.OrganizationUser
	groups                              map[int64]*groupSize
}

type groupSize struct {
	name  string
	users int
}

func countUsers(data overview, now time.Time) census {
	counted := census{groups: map[int64]*groupSize{}}
	counted.whole = data.usersErr == nil && !data.users.Page.HasNext && int64(len(data.users.Users)) >= data.organization.UserCount
	for _, u := range data.users.Users {
		counted.add(u, now)
	}
	slices.SortFunc(counted.oldInvited, func(a, b apiclient.OrganizationUser) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return counted
}

func (n *census) add(u apiclient.OrganizationUser, now time.Time) {
	if u.Owner {
		n.owners++
	}
	if u.Owner || u.Admin {
		n.admins++
	}
	for _, g := range u.Groups {
		if n.groups[g.GroupID] == nil {
			n.groups[g.GroupID] = &groupSize{name: g.Name}
		}
		n.groups[g.GroupID].users++
	}
	switch {
	case u.Inactive:
		n.inactive++
	case !u.Joined:
		n.invited++
		if !u.CreatedAt.IsZero() && now.Sub(u.CreatedAt) > oldInvitation {
			n.oldInvited = append(n.oldInvited, u)
		}
	default:
		n.active++
		n.addActive(u)
	}
}

func (n *census) addActive(u apiclient.OrganizationUser) {
	if len(u.Workspaces) == 0 {
		n.homeless = append(n.homeless, u)
	}
	if !u.TwoFactorEnabled {
		n.noTwoFactor++
		if u.Admin || u.Owner {
			n.adminsWithoutTwoFactor++
		}
	}
}

// atLeast prints a number that may be a lower bound.
func (n *census) atLeast(count int) string {
	if n.whole {
		return views.Count(count)
	}
	return views.Count(count) + "+"
}

// some begins a sentence: "4 invitations are", "At least 1 invitation is".
func (n *census) some(count int, one, many string) string {
	text := views.Plural(count, one, many)
	if n.whole {
		return text
	}
	return "At least " + text
}

// statusBar is nil where not every user was read.
func statusBar(organizationID int64, n census) *views.StatusBar {
	total := n.active + n.invited + n.inactive
	if !n.whole || total == 0 {
		return nil
	}
	bar := &views.StatusBar{
		ViewBox: "0 0 " + strconv.Itoa(total) + " 1",
		Label:   fmt.Sprintf("%d active, %d invited, %d inactive", n.active, n.invited, n.inactive),
	}
	x, gap := 0.0, float64(total)/250
	for _, part := range []struct {
		name  string
		count int
	}{{"active", n.active}, {"invited", n.invited}, {"inactive", n.inactive}} {
		if part.count > 0 {
			width := max(float64(part.count)-gap, gap/2)
			bar.Bars = append(bar.Bars, views.Bar{Class: "k-" + part.name, X: views.Decimal(x), Width: views.Decimal(width)})
		}
		x += float64(part.count)
		bar.Legend = append(bar.Legend, views.Legend{
			Label: statusLabels[part.name], Value: views.Count(part.count), Class: part.name,
			URL: views.UsersURL(organizationID, url.Values{"active_status": {part.name}}),
		})
	}
	return bar
}

// attention lists what an admin can act on, each with the way there.
func attention(data overview, n census, clock views.Clock) []views.Attention {
	var list []views.Attention
	add := func(a views.Attention, ok bool) {
		if ok {
			list = append(list, a)
		}
	}
	id := data.organization.ID
	add(suspension(data.organization, clock))
	add(oldInvitations(id, n, clock))
	add(inNoWorkspace(id, n))
	add(singleAdmins(data))
	add(withoutTwoFactor(id, n))
	return list
}

func suspension(o apiclient.Organization, clock views.Clock) (views.Attention, bool) {
	return views.Attention{
		Icon: "ban", Class: "bad", Strong: "The organization is suspended",
		Text: "Since " + clock.Date(o.SuspendedAt).Text + ". Toggl's support can say why.",
	}, !o.SuspendedAt.IsZero()
}

func oldInvitations(id int64, n census, clock views.Clock) (views.Attention, bool) {
	if len(n.oldInvited) == 0 {
		return views.Attention{}, false
	}
	oldest := n.oldInvited[0]
	return views.Attention{
		Icon:   "mail",
		Strong: n.some(len(n.oldInvited), "invitation is", "invitations are") + " older than 14 days",
		Text: fmt.Sprintf("The oldest went to %s on %s. Toggl invitations expire after %d days.",
			displayName(oldest.Name, oldest.Email), clock.Date(oldest.CreatedAt).Text, invitationExpires),
		Links: []views.Link{{Label: "See invited users", URL: views.UsersURL(id, url.Values{"active_status": {"invited"}})}},
	}, true
}

func inNoWorkspace(id int64, n census) (views.Attention, bool) {
	const named = 3
	a := views.Attention{
		Icon: "user-x", Strong: n.some(len(n.homeless), "active user is", "active users are") + " in no workspace",
		Text: "They may count toward your plan but can’t track time.",
	}
	for _, u := range n.homeless[:min(named, len(n.homeless))] {
		a.Links = append(a.Links, views.Link{Label: displayName(u.Name, u.Email), URL: views.UserURL(id, u.ID, u.Email)})
	}
	if len(n.homeless) > named {
		a.Links = append(a.Links, views.Link{Label: "See active users", URL: views.UsersURL(id, url.Values{"active_status": {"active"}})})
	}
	return a, len(n.homeless) > 0
}

func singleAdmins(data overview) (views.Attention, bool) {
	names := workspaceNames(data)
	var single []string
	for id, s := range data.statistics {
		if len(s.Admins) == 1 {
			single = append(single, names[id])
		}
	}
	slices.Sort(single)
	return views.Attention{
		Icon:   "shield-check",
		Strong: views.Plural(len(single), "workspace has", "workspaces have") + " only one admin",
		Text:   joinNames(single, 3) + ". If that person leaves, nobody can manage them.",
		Links:  []views.Link{{Label: "See workspaces", URL: views.WorkspacesURL(data.organization.ID)}},
	}, len(single) > 0
}

func withoutTwoFactor(id int64, n census) (views.Attention, bool) {
	a := views.Attention{
		Icon: "key-round", Class: "n", Strong: n.some(n.noTwoFactor, "active user has", "active users have") + " two-factor off",
		Text:  "None of them is an organization admin.",
		Links: []views.Link{{Label: "See active users", URL: views.UsersURL(id, url.Values{"active_status": {"active"}})}},
	}
	if n.adminsWithoutTwoFactor > 0 {
		a.Text = views.Plural(n.adminsWithoutTwoFactor, "of them is an organization admin", "of them are organization admins") + "."
		a.Links = []views.Link{{Label: "See admins", URL: views.UsersURL(id, url.Values{"only_admins": {"true"}})}}
	}
	return a, n.noTwoFactor > 0
}

func largestGroups(organizationID int64, n census) []views.GroupSize {
	if !n.whole {
		return nil
	}
	const shown = 5
	ids := make([]int64, 0, len(n.groups))
	for id := range n.groups {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int64) int {
		return cmp.Or(-cmp.Compare(n.groups[a].users, n.groups[b].users), cmp.Compare(n.groups[a].name, n.groups[b].name))
	})
	list := make([]views.GroupSize, 0, shown)
	for _, id := range ids[:min(shown, len(ids))] {
		list = append(list, views.GroupSize{
			Name: n.groups[id].name, Value: views.Count(n.groups[id].users),
			URL: views.UsersURL(organizationID, url.Values{"groups": {strconv.FormatInt(id, 10)}}),
		})
	}
	return list
}

// joinNames prints "A, B and C", or "A, B, C and 4 more".
func joinNames(names []string, most int) string {
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) + " more"
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
