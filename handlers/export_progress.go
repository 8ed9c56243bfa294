package handlers

import (
	"sync"
	"time"
)

const (
	// exportsKept bounds how many exports are remembered, and for how long.
	exportsKept   = 500
	exportsKeptAt = time.Hour
)

// An exportState is how far an export is.
type exportState struct {
	// Begun is zero while the download was not asked for.
	Begun time.Time
	Rows  int
	// Expected is 0 while it isn't known.
	Expected int
	Done     bool
	// Stopped says why it had to stop half way.
	Stopped string
}

func (s exportState) running() bool { return !s.Begun.IsZero() && !s.Done && s.Stopped == "" }

// exportBook remembers how far exports are, for the pages that started them.
// The key holds whose it is, so that nobody sees anybody else's.
type exportBook struct {
	mu     sync.Mutex
	now    func() time.Time
	states map[string]*exportState
}

func newExportBook(now func() time.Time) *exportBook {
	return &exportBook{now: now, states: map[string]*exportState{}}
}

// begin is false while the same export is running.
func (b *exportBook) begin(key string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s, ok := b.states[key]; ok && s.running() {
		return false
	}
	b.sweep()
	b.states[key] = &exportState{Begun: b.now()}
	return true
}

// sweep needs the lock. Where too many are young, the others' pages only lose
// their figures.
func (b *exportBook) sweep() {
	for key, s := range b.states {
		if b.now().Sub(s.Begun) > exportsKeptAt {
			delete(b.states, key)
		}
	}
	for key, s := range b.states {
		if len(b.states) < exportsKept {
			return
		}
		if !s.running() {
			delete(b.states, key)
		}
	}
}

func (b *exportBook) update(key string, edit func(*exportState)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s, ok := b.states[key]; ok {
		edit(s)
	}
}

func (b *exportBook) find(key string) exportState {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s, ok := b.states[key]; ok {
		return *s
	}
	return exportState{}
}
