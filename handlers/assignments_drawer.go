package handlers

import (
	"cmp"
	"slices"

	"roster/apiclient"
	"roster/changes"
	"roster/store"
	"roster/views"
)

// mostLines is how many changes the drawer lists; the review has all.
const mostLines = 200

// drawer is what is staged, by workspace: rejected ones first.
func (g *grid) drawer(plan changes.SetPlan) views.Drawer {
	v := views.Drawer{
		Count: len(g.steps), Title: views.Plural(len(g.steps), "staged change", "staged changes"), Sent: sentWords(plan),
		ReviewURL: views.ReviewURL(g.organizationID, nil),
		StepsURL:  views.AssignmentsStepsURL(g.organizationID, g.query.values()),
	}
	if len(g.steps) == 0 {
		v.Title = "Nothing staged"
	}
	if g.set.ID != "" {
		v.DownloadURL = views.ChangeSetCSVURL(g.organizationID, g.set.ID)
	}
	if len(g.rejected) > 0 {
		v.Rejected = views.Count(len(g.rejected)) + " rejected"
	}
	var more int
	v.Groups, more = changeGroups(plan, g.access, g.rejected, g.statistics, mostLines)
	if more > 0 {
		v.More = "and " + views.Plural(more, "more change", "more changes")
	}
	return v
}

func sentWords(plan changes.SetPlan) string {
	workspaces := 0
	for i := range plan.Workspaces {
		if plan.Workspaces[i].Requests > 0 {
			workspaces++
		}
	}
	switch plan.Requests {
	case 0:
		return "Nothing of this would be sent."
	case 1:
		return "Sent as 1 request."
	case workspaces:
		return "Sent as " + views.Count(plan.Requests) + " requests, one per workspace."
	}
	return "Sent as " + views.Count(plan.Requests) + " requests."
}

// changeGroups are the plan's lines, at most so many; more is how many are left
// out.
func changeGroups(plan changes.SetPlan, access *changes.Access, rejected changes.Staged, statistics map[int64]apiclient.WorkspaceStatistics, most int) (groups []views.ChangeGroup, more int) {
	latest := latestStep(plan)
	for _, w := range rejectedFirst(plan.Workspaces, rejected) {
		n := min(len(w.Steps), most)
		most, more = most-n, more+len(w.Steps)-n
		if n == 0 {
			continue
		}
		counts := countAdmins(w, statistics)
		group := views.ChangeGroup{Name: nameOr(w.Name, "Workspace", w.WorkspaceID), Lines: make([]views.ChangeLine, n)}
		group.Adds, group.Removes = stagedCounts(w)
		for i := range group.Lines {
			s := &w.Steps[i]
			group.Lines[i] = changeLine(s, group.Name)
			group.Lines[i].Latest = s.Step.ID == latest
			group.Lines[i].Text, group.Lines[i].Bad = consequence(s, access, counts)
			if again, ok := rejected[changes.TargetOf(s.Step)]; ok {
				group.Lines[i].Text, group.Lines[i].FromAPI = rejectedWords(*again, access)
				group.Lines[i].Bad = true
			}
		}
		groups = append(groups, group)
	}
	return groups, more
}

func changeLine(s *changes.StepPlan, workspace string) views.ChangeLine {
	name := displayName(s.Step.RowName, s.Step.RowEmail)
	back := store.OpRemove
	if s.Step.Op == store.OpRemove {
		back = store.OpAdd
	}
	return views.ChangeLine{
		Remove: s.Step.Op == store.OpRemove, Name: name, Cell: cellValue(changes.TargetOf(s.Step)),
		UndoOp: back, UndoName: "Undo: " + stepWords(s.Step.Op, name, workspace),
	}
}

// rejectedFirst puts workspaces with a rejected step before the others, and
// such steps before the others of a workspace.
func rejectedFirst(plans []changes.WorkspacePlan, rejected changes.Staged) []*changes.WorkspacePlan {
	order := func(s changes.StepPlan) int {
		if _, ok := rejected[changes.TargetOf(s.Step)]; ok {
			return 0
		}
		return 1
	}
	list := make([]*changes.WorkspacePlan, len(plans))
	first := make(map[*changes.WorkspacePlan]int, len(plans))
	for i := range plans {
		w := &plans[i]
		list[i], first[w] = w, 1
		if len(rejected) > 0 && slices.ContainsFunc(w.Steps, func(s changes.StepPlan) bool { return order(s) == 0 }) {
			first[w] = 0
			slices.SortStableFunc(w.Steps, func(a, b changes.StepPlan) int { return cmp.Compare(order(a), order(b)) })
		}
	}
	slices.SortStableFunc(list, func(a, b *changes.WorkspacePlan) int { return cmp.Compare(first[a], first[b]) })
	return list
}

// latestStep is the id of what was staged last.
func latestStep(plan changes.SetPlan) int64 {
	var latest int64
	for i := range plan.Workspaces {
		for j := range plan.Workspaces[i].Steps {
			latest = max(latest, plan.Workspaces[i].Steps[j].Step.ID)
		}
	}
	return latest
}

// stagedCounts are "+2" and "−1" of all that is staged, sent or not.
func stagedCounts(w *changes.WorkspacePlan) (adds, removes string) {
	added := 0
	for i := range w.Steps {
		if w.Steps[i].Step.Op == store.OpAdd {
			added++
		}
	}
	return signed(added, len(w.Steps)-added)
}

func signed(adds, removes int) (plus, minus string) {
	if adds > 0 {
		plus = "+" + views.Count(adds)
	}
	if removes > 0 {
		minus = "−" + views.Count(removes)
	}
	return plus, minus
}

// unsent are the fates of the staged steps that would not be sent.
func unsent(plan changes.SetPlan) map[changes.Target]changes.Fate {
	fates := map[changes.Target]changes.Fate{}
	for i := range plan.Workspaces {
		for j := range plan.Workspaces[i].Steps {
			if s := &plan.Workspaces[i].Steps[j]; s.Fate != changes.WillSend && s.Fate != changes.WillSkip {
				fates[changes.TargetOf(s.Step)] = s.Fate
			}
		}
	}
	return fates
}
