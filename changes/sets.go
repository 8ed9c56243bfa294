package changes

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"roster/store"
)

// Set is the store's, for those who may not know the store.
type Set = store.ChangeSet

// SetStep is the store's, for those who may not know the store.
type SetStep = store.Step

// The words that a page needs.
const (
	Add      = store.OpAdd
	Remove   = store.OpRemove
	UserRow  = store.RowUser
	GroupRow = store.RowGroup
)

// MaxSetSteps is how many steps a set may have.
const MaxSetSteps = MaxSteps

// ErrNoSet means that the person has no such set.
var ErrNoSet = errors.New("changes: no such set")

// Sets are the change sets of a database. Each belongs to one person in one
// organization; nobody else's is found.
type Sets struct {
	store *store.Store
}

// NewSets are the sets of a database.
func NewSets(s *store.Store) *Sets { return &Sets{s} }

// Staged is the set that a person fills, with its steps; ErrNoSet: none.
func (s *Sets) Staged(ctx context.Context, organizationID int64, subject string) (Set, []SetStep, error) {
	set, err := s.store.StagedChangeSet(ctx, organizationID, subject)
	return s.withSteps(ctx, set, err)
}

// Find is a person's set, in whatever state.
func (s *Sets) Find(ctx context.Context, organizationID int64, subject, id string) (Set, []SetStep, error) {
	set, err := s.store.ChangeSet(ctx, id)
	if err == nil && (set.OrganizationID != organizationID || set.Subject != subject) {
		err = store.ErrNotFound
	}
	return s.withSteps(ctx, set, err)
}

func (s *Sets) withSteps(ctx context.Context, set Set, err error) (Set, []SetStep, error) {
	if errors.Is(err, store.ErrNotFound) {
		return Set{}, nil, ErrNoSet
	}
	if err != nil {
		return Set{}, nil, fmt.Errorf("changes: set: %w", err)
	}
	steps, err := s.store.Steps(ctx, set.ID)
	if err != nil {
		return Set{}, nil, fmt.Errorf("changes: steps: %w", err)
	}
	return set, steps, nil
}

// Tick stages what a person wants of a cell, or takes the opposite back that
// was staged. Errors are those of Stage; ErrTooMany; and store.ErrConflict where
// the set is applied at this moment.
func (s *Sets) Tick(ctx context.Context, organizationID int64, subject string, a *Access, at Target, op string) error {
	set, steps, err := s.Staged(ctx, organizationID, subject)
	if err != nil && !errors.Is(err, ErrNoSet) {
		return err
	}
	step, unstage, err := Stage(a, StagedOf(steps), at, op)
	switch {
	case err != nil:
		return err
	case unstage:
		return s.store.UnstageStep(ctx, set.ID, at.RowKind, at.RowID, at.WorkspaceID)
	}
	_, err = s.Put(ctx, organizationID, subject, "", []SetStep{step})
	return err
}

// Put stages steps, in the set that the person fills or in a new one; undoOf
// names the set that they take back and needs a new one: store.ErrConflict where
// something is staged already. It returns the set's id.
func (s *Sets) Put(ctx context.Context, organizationID int64, subject, undoOf string, steps []SetStep) (string, error) {
	if len(steps) > MaxSetSteps {
		return "", ErrTooMany
	}
	set := Set{ID: rand.Text(), OrganizationID: organizationID, Subject: subject, UndoOf: undoOf}
	err := s.store.CreateChangeSet(ctx, set)
	var before []SetStep
	if errors.Is(err, store.ErrConflict) && undoOf == "" {
		set, before, err = s.Staged(ctx, organizationID, subject)
	}
	if err != nil {
		return "", fmt.Errorf("changes: put: %w", err)
	}
	cells := StagedOf(before)
	for _, step := range steps {
		cells[TargetOf(step)] = step
	}
	if len(cells) > MaxSetSteps {
		return "", ErrTooMany
	}
	return set.ID, s.store.StageSteps(ctx, set.ID, steps)
}

// Drop takes staged steps back, as a file may ask for; what isn't staged is no
// error.
func (s *Sets) Drop(ctx context.Context, organizationID int64, subject string, steps []SetStep) error {
	set, _, err := s.Staged(ctx, organizationID, subject)
	if errors.Is(err, ErrNoSet) {
		return nil
	}
	for i := 0; err == nil && i < len(steps); i++ {
		err = s.store.UnstageStep(ctx, set.ID, steps[i].RowKind, steps[i].RowID, steps[i].WorkspaceID)
	}
	return err
}

// Discard gives a person's set up, if it is staged or stopped.
func (s *Sets) Discard(ctx context.Context, subject, id string) error {
	err := s.store.DiscardChangeSet(ctx, id, subject)
	if errors.Is(err, store.ErrNotFound) {
		return ErrNoSet
	}
	return err
}
