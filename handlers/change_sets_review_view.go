package handlers

import (
	"errors"
	"strconv"

	"github.com/labstack/echo/v4"

	"roster/apiclient"
	"roster/auth"
	"roster/changes"
	"roster/store"
	"roster/views"
)

func (h *Handlers) reviewView(c echo.Context, api *apiclient.Client, s *auth.Session, r *review) (views.Review, error) {
	id := r.organizationID
	v := views.Review{
		GridURL: views.AssignmentsURL(id, nil), ListURL: views.ChangeSetsURL(id), Count: len(r.steps), Notes: r.notes, Import: r.imported,
	}
	v.Import.Action = views.ImportURL(id)
	if len(r.steps) == 0 {
		return v, nil
	}
	refused, err := h.refusedBefore(c, s, id)
	if err != nil {
		return v, err
	}
	v.SetID, v.Seen = r.set.ID, r.seen()
	v.Sendable = r.plan.Adds + r.plan.Removes
	v.Sent, v.Pace = r.cost(c, h, api)
	v.About = h.undoNote(c, r)
	v.Warnings = r.warnings()
	for i := range r.plan.Workspaces {
		v.Groups = append(v.Groups, r.group(&r.plan.Workspaces[i], refused))
	}
	if r.unread > 0 {
		v.CheckURL = views.ReviewURL(id, reviewQuery(true))
		v.CheckLabel = "Read " + views.Plural(min(r.unread, mostChecked), "workspace", "workspaces")
		if r.unread > mostChecked {
			v.CheckLabel += " of " + views.Count(r.unread)
		}
	}
	changes := views.Plural(len(r.steps), "change", "changes")
	v.ApplyURL, v.ApplyLabel = views.ApplicationsURL(id), "Apply "+views.Plural(v.Sendable, "change", "changes")
	v.DiscardURL, v.DiscardLabel = views.DiscardURL(id), "Discard "+changes
	v.DiscardText = views.Plural(len(r.steps), "staged change is", "staged changes are") + " given up for good. Toggl is not touched."
	v.CSVURL, v.JSONURL = views.ChangeSetCSVURL(id, r.set.ID), views.ChangeSetJSONURL(id, r.set.ID)
	return v, nil
}

// refusedBefore are Toggl's words about cells that were sent before and staged
// again.
func (h *Handlers) refusedBefore(c echo.Context, s *auth.Session, organizationID int64) (map[changes.Target]string, error) {
	rejected, err := h.store.RejectedSteps(c.Request().Context(), organizationID, s.Subject, changes.MaxSteps)
	if err != nil {
		return nil, errors.Join(errStore, err)
	}
	words := make(map[changes.Target]string, len(rejected))
	for i := range rejected {
		if rejected[i].State == store.StepRefused {
			words[changes.TargetOf(rejected[i])] = rejected[i].Message
		}
	}
	return words, nil
}

// cost is how many requests the plan takes, and whether Toggl allows as many.
func (r *review) cost(c echo.Context, h *Handlers, api *apiclient.Client) (sent, pacing string) {
	if r.plan.Requests == 0 {
		return "Nothing of this would be sent.", ""
	}
	reads, hasGroups := 0, false
	for i := range r.plan.Workspaces {
		users := false
		for j := range r.plan.Workspaces[i].Steps {
			isUser := r.plan.Workspaces[i].Steps[j].Step.RowKind == store.RowUser
			users, hasGroups = users || isUser, hasGroups || !isUser
		}
		if users {
			reads++
		}
	}
	if hasGroups {
		reads++
	}
	sent = "Sent as " + views.Plural(r.plan.Requests, "request", "requests") + ", one for each workspace; " +
		views.Plural(reads, "more reads", "more read") + " how it is right before. Together"
	return sent, pace(c, h, api, r.organizationID, r.plan.Requests+reads)
}

// undoNote says what a set takes back.
func (h *Handlers) undoNote(c echo.Context, r *review) *views.Note {
	if r.set.UndoOf == "" {
		return nil
	}
	n := views.Note{
		Strong: "This takes back changes that were applied.",
		Text:   "What a lost membership carried besides access, such as a role in the workspace or a rate, does not come back.",
		Link:   views.Link{Label: "What was applied", URL: views.ChangeSetURL(r.organizationID, r.set.UndoOf, nil)},
	}
	undone, err := h.store.ChangeSet(c.Request().Context(), r.set.UndoOf)
	if err == nil && !undone.AppliedAt.IsZero() { // it may have been cleaned up
		n.Strong = "This takes back the changes of " + h.clock(c).Hour(undone.AppliedAt) + "."
	}
	return &n
}

// warnings are what somebody would regret, for all workspaces together.
func (r *review) warnings() []views.Warning {
	var list []views.Warning
	for i := range r.plan.Workspaces {
		w := &r.plan.Workspaces[i]
		warn := func(text string) { list = append(list, views.Warning{Text: text, Href: "#" + planID(w)}) }
		switch {
		case w.Headcount.AdminsLost > 0 && w.Headcount.AdminsNow == 0:
			warn(w.Name + " loses its last admin")
		case w.Headcount.AdminsLost > 0:
			warn(w.Name + " loses " + views.Plural(w.Headcount.AdminsLost, "admin", "admins") + ", " + views.Plural(w.Headcount.AdminsNow, "remains", "remain"))
		}
		if lost := loses(w); lost > 0 {
			warn(views.Plural(lost, "person loses", "people lose") + " access to " + w.Name)
		}
		held := 0
		for j := range w.Steps {
			if fate := w.Steps[j].Fate; fate != changes.WillSend && fate != changes.WillSkip {
				held++
			}
		}
		if held > 0 {
			warn(views.Plural(held, "change", "changes") + " of " + w.Name + " can't be sent as staged")
		}
	}
	return list
}

// loses counts the people whose access to a workspace ends. Somebody whom two
// steps take it from is counted with each.
func loses(w *changes.WorkspacePlan) int {
	n := 0
	for i := range w.Steps {
		consequences := &w.Steps[i].Consequences
		if consequences.Loses {
			n++
		}
		n += consequences.Group.Lose
	}
	return n
}

func planID(w *changes.WorkspacePlan) string { return "w" + strconv.FormatInt(w.WorkspaceID, 10) }

func (r *review) group(w *changes.WorkspacePlan, refused map[changes.Target]string) views.ReviewGroup {
	g := views.ReviewGroup{ID: planID(w), Name: nameOr(w.Name, "Workspace", w.WorkspaceID)}
	if w.Headcount.Known {
		g.Members = views.Count(w.Headcount.MembersBefore) + " → " + views.Plural(w.Headcount.MembersNow, "user", "users")
	}
	if w.Adds > 0 {
		g.Adds = "+" + views.Count(w.Adds)
	}
	if w.Removes > 0 {
		g.Removes = "−" + views.Count(w.Removes)
	}
	admins := countAdmins(w, nil)
	for i := range w.Steps {
		p := &w.Steps[i]
		line := views.ReviewLine{
			Remove: p.Step.Op == store.OpRemove, Name: displayName(p.Step.RowName, p.Step.RowEmail), URL: stepURL(r.organizationID, &p.Step),
			Refused: refused[changes.TargetOf(p.Step)],
		}
		if line.Text, line.Bad = consequence(p, r.access, admins); line.Text == "" && p.Consequences.Loses {
			line.Text = "Loses access"
		}
		g.Lines = append(g.Lines, line)
	}
	return g
}

// stepURL is the page of a step's user; groups have none.
func stepURL(organizationID int64, s *store.Step) string {
	if s.RowKind != store.RowUser || s.OrganizationUserID == 0 {
		return ""
	}
	return views.UserURL(organizationID, s.OrganizationUserID, s.RowEmail)
}
