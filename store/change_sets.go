package store

import "time"

// The states of a change set.
const (
	SetStaged    = "staged"    // cells are still added and taken away
	SetApplying  = "applying"  // a holder sends it, or died while sending it
	SetStopped   = "stopped"   // applied in part: it can be gone on with
	SetApplied   = "applied"   // every step has an answer
	SetDiscarded = "discarded" // given up by its person
)

// A ChangeSet is what one person wants to be different in one organization. Times
// are kept to the millisecond.
type ChangeSet struct {
	ID             string // random, of 26 characters: crypto/rand.Text
	OrganizationID int64
	Subject        string    // whose it is
	State          string    // SetStaged, …
	UndoOf         string    // id of the set that this one takes back; empty: none
	Note           string    // why it stopped, in words
	ResumeAt       time.Time // when it may go on by itself; zero: not by itself
	Holder         string    // who applies it: a name that no two runs share; empty: nobody
	HeldUntil      time.Time // when the holder's lease ends; zero: nobody holds it
	CreatedAt      time.Time
	UpdatedAt      time.Time
	AppliedAt      time.Time // zero: not applied
}
