package views

// GroupLosses are what members lose, or may, with a change to a group.
type GroupLosses struct {
	Lead string
	// Takes is set where somebody loses access, or may.
	Takes      bool
	Workspaces []GroupLoss
	// Offer is how to learn what isn't known.
	Offer *EffectsOffer
	Note  *Note
}

// GroupLoss is what happens in one workspace.
type GroupLoss struct {
	Name, URL string
	// Gone says how many members the group no longer gives it to.
	Gone string
	// Admins says that the workspace loses admins; LastAdmin that none is left.
	Admins    string
	LastAdmin bool
	People    []LossPeople
}

// LossPeople are members to whom the same happens.
type LossPeople struct {
	Title     string
	Bad, Open bool
	Count     int
	People    []LossPerson
	More      string // of Count, who aren't among People
}

// LossPerson is one of them. Way says how they keep it, or that they were an admin.
type LossPerson struct{ Name, Way string }

// EffectsOffer leads to what isn't known, at its cost. Without URL it is a
// button of the form that it stands in.
type EffectsOffer struct{ Text, Label, Cost, URL string }

// GroupLossConfirmation asks before an edit takes something from members.
type GroupLossConfirmation struct {
	Action, BackURL, GroupName string
	// Takes says what is taken: "The group loses Delivery.".
	Takes  string
	Losses GroupLosses
	// Kept is the form as it was sent.
	Kept []Parameter
}
