package handlers

import (
	"roster/changes"
	"roster/views"
)

// changeWord are the words for one kind of change.
type changeWord struct {
	// verb begins "Deactivate 3 users"; after follows the number.
	verb, after string
	// running begins "Deactivating 3 users".
	running, stays, owner, already string
}

// changeWords has the words, and says which kinds there are.
var changeWords = map[changes.Kind]changeWord{
	changes.Deactivate: {
		verb: "Deactivate", running: "Deactivating",
		stays: "Everything else: name, role, groups, workspaces with their rates. They can't sign in any more and aren't billed; their data stays.",
		owner: "The owner can't be deactivated.", already: "Is inactive already.",
	},
	changes.Reactivate: {
		verb: "Reactivate", running: "Reactivating",
		stays:   "Everything else: name, role, groups, workspaces with their rates. Each takes a seat of the plan again.",
		already: "Is active already.",
	},
	changes.SetRole: {
		verb: "Set the role of", running: "Setting the role of",
		stays: "Everything else: roles in workspaces, groups, rates, status.",
		owner: "The owner keeps this role. Ownership is handed over in Toggl.", already: "Has this role already.",
	},
	changes.AddToGroups: {
		verb: "Add", after: "to groups", running: "Adding",
		stays: "Everything else: they stay in the groups they are in, and keep roles, workspaces and rates.", already: "Is in these groups already.",
	},
}

func (w changeWord) title(n int) string { return w.words(w.verb, n) }

func (w changeWord) progress(n int) string { return w.words(w.running, n) }

func (w changeWord) words(verb string, n int) string {
	text := verb + " " + views.Plural(n, "user", "users")
	if w.after != "" {
		text += " " + w.after
	}
	return text
}
