package handlers

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"

	"roster/changes"
	"roster/store"
)

// stepsIn are the steps in one of the states.
func stepsIn(steps []store.Step, states ...string) []store.Step {
	var found []store.Step
	for i := range steps {
		if slices.Contains(states, steps[i].State) {
			found = append(found, steps[i])
		}
	}
	return found
}

// stageAgain puts steps of a set into what its person has staged, but for cells
// for which they have staged something already.
func stageAgain(ctx context.Context, db *store.Store, set store.ChangeSet, steps []store.Step) error {
	if len(steps) == 0 {
		return nil
	}
	staged, taken, err := openStaged(ctx, db, set.OrganizationID, set.Subject)
	if err != nil {
		return err
	}
	steps = slices.DeleteFunc(slices.Clone(steps), func(s store.Step) bool {
		_, ok := taken[changes.TargetOf(s)]
		return ok
	})
	return db.StageSteps(ctx, staged.ID, steps)
}

// openStaged is the person's staged set, a new one where there is none, and the
// steps in it.
func openStaged(ctx context.Context, db *store.Store, organizationID int64, subject string) (store.ChangeSet, changes.Staged, error) {
	set, err := db.StagedChangeSet(ctx, organizationID, subject)
	if errors.Is(err, store.ErrNotFound) {
		set = store.ChangeSet{ID: rand.Text(), OrganizationID: organizationID, Subject: subject}
		err = db.CreateChangeSet(ctx, set)
		if errors.Is(err, store.ErrConflict) { // somebody was faster
			set, err = db.StagedChangeSet(ctx, organizationID, subject)
		}
	}
	if err != nil {
		return store.ChangeSet{}, nil, err
	}
	steps, err := db.Steps(ctx, set.ID)
	return set, changes.StagedOf(steps), err
}
