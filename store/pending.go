package store

import (
	"context"
	"errors"
	"time"
)

var errPending = errors.New("store: on its way")

func (s *Store) StagedChangeSet(ctx context.Context, organizationID int64, subject string) (ChangeSet, error) { return ChangeSet{}, errPending }
func (s *Store) CreateChangeSet(ctx context.Context, set ChangeSet) error { return errPending }
func (s *Store) ChangeSet(ctx context.Context, id string) (ChangeSet, error) { return ChangeSet{}, errPending }
func (s *Store) ChangeSets(ctx context.Context, organizationID int64, limit int) ([]ChangeSet, error) { return nil, errPending }
func (s *Store) Steps(ctx context.Context, setID string) ([]Step, error) { return nil, errPending }
func (s *Store) StageStep(ctx context.Context, setID string, step Step) error { return errPending }
func (s *Store) StageSteps(ctx context.Context, setID string, steps []Step) error { return errPending }
func (s *Store) UnstageStep(ctx context.Context, setID, rowKind string, rowID, workspaceID int64) error { return errPending }
func (s *Store) ClaimChangeSet(ctx context.Context, id, holder string, from []string, lease time.Duration) (ChangeSet, error) { return ChangeSet{}, errPending }
func (s *Store) RenewChangeSet(ctx context.Context, id, holder string, lease time.Duration) error { return errPending }
func (s *Store) FinishChangeSet(ctx context.Context, id, holder, state, note string, resumeAt time.Time) error { return errPending }
func (s *Store) BeginSteps(ctx context.Context, setID, holder string, stepIDs []int64) error { return errPending }
func (s *Store) EndSteps(ctx context.Context, setID, holder string, results []StepResult) error { return errPending }
func (s *Store) DiscardChangeSet(ctx context.Context, id, subject string) error { return errPending }
func (s *Store) BeginActivity(ctx context.Context, a Activity) (int64, error) { return 0, errPending }
func (s *Store) EndActivity(ctx context.Context, id int64, result string, status int, upstreamRequestID, message string) error { return errPending }
func (s *Store) Activities(ctx context.Context, filter ActivityFilter) ([]ActivityEntry, error) { return nil, errPending }
func (s *Store) VerifyActivity(ctx context.Context) (rows int, firstBroken int64, err error) { return 0, 0, errPending }
