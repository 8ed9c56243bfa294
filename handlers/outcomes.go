package handlers

import (
	"crypto/rand"
	"slices"
	"sync"
	"time"
)

const (
	maxOutcomes  = 200
	keepOutcomes = time.Hour
)

// outcomes keep for a while what became of each part of a change, so that the
// page about it can be read again. They are in memory: what was changed is in
// Toggl in any case.
type outcomes[T any] struct {
	now  func() time.Time
	mu   sync.Mutex
	list []outcome[T] // oldest first
}

type outcome[T any] struct {
	id, owner      string
	organizationID int64
	at             time.Time
	what           T
}

func newOutcomes[T any](now func() time.Time) *outcomes[T] { return &outcomes[T]{now: now} }

// keep returns the id under which its owner finds it again.
func (r *outcomes[T]) keep(owner string, organizationID int64, what T) (id string) {
	o := outcome[T]{id: rand.Text(), owner: owner, organizationID: organizationID, at: r.now(), what: what}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = slices.DeleteFunc(r.list, func(old outcome[T]) bool { return o.at.Sub(old.at) > keepOutcomes })
	if len(r.list) >= maxOutcomes {
		r.list = slices.Delete(r.list, 0, 1)
	}
	r.list = append(r.list, o)
	return o.id
}

func (r *outcomes[T]) find(id, owner string, organizationID int64) (what T, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.list, func(o outcome[T]) bool {
		return o.id == id && o.owner == owner && o.organizationID == organizationID && r.now().Sub(o.at) <= keepOutcomes
	})
	if i < 0 {
		return what, false
	}
	return r.list[i].what, true
}
