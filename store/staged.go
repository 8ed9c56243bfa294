package store

import (
	"context"
	"fmt"
)

const countStaged = `SELECT count(*) FROM change_steps WHERE set_id =
	(SELECT id FROM change_sets WHERE organization_id = $1 AND subject = $2 AND state = 'staged')`

// CountStaged returns how many steps the person has staged in an organization; 0
// where there is no staged set. It is one query over indexes alone.
func (s *Store) CountStaged(ctx context.Context, organizationID int64, subject string) (int, error) {
	var n int
	if err := s.countStaged.QueryRowContext(ctx, organizationID, subject).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: count staged steps: %w", err)
	}
	return n, nil
}

// StagedSteps returns the steps of a set that are still staged, in their order. It
// is for a set that is being filled, of which nothing was sent: Message, Attempt and
// the times are not read.
func (s *Store) StagedSteps(ctx context.Context, setID string) ([]Step, error) {
	steps, err := collect(scanStagedStep)(s.readStaged.QueryContext(ctx, setID))
	if err != nil {
		return nil, fmt.Errorf("store: read staged steps: %w", err)
	}
	return steps, nil
}

const readStaged = `SELECT id, row_kind, row_id, organization_user_id, row_name, row_email, workspace_id, workspace_name, op, was
	FROM change_steps WHERE set_id = $1 AND state = 'staged' ORDER BY id`

func scanStagedStep(row scanner) (Step, error) {
	step := Step{State: StepStaged}
	err := row.Scan(&step.ID, &step.RowKind, &step.RowID, &step.OrganizationUserID, &step.RowName, &step.RowEmail,
		&step.WorkspaceID, &step.WorkspaceName, &step.Op, &step.Was)
	return step, err
}

// RejectedSteps returns, in their order and at most limit, the steps that the
// person's newest applied or stopped set of an organization has not carried out: those
// refused, and those held back.
func (s *Store) RejectedSteps(ctx context.Context, organizationID int64, subject string, limit int) ([]Step, error) {
	steps, err := collect(scanStep)(s.db.QueryContext(ctx,
		`SELECT `+stepColumns+` FROM change_steps WHERE set_id =
		 (SELECT id FROM change_sets WHERE organization_id = $1 AND subject = $2 AND state IN ('applied', 'stopped')
		  ORDER BY created DESC, id LIMIT 1)
		 AND state IN ('refused', 'held') ORDER BY id LIMIT $3`, organizationID, subject, limit))
	if err != nil {
		return nil, fmt.Errorf("store: read rejected steps: %w", err)
	}
	return steps, nil
}
