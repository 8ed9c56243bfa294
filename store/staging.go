package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// StageStep puts the step into a set that is still staged, in place of the one for
// the same cell, whose ID it takes over. ID, State, Message, Attempt and the times
// are the store's to fill. It returns [ErrConflict] if the set is no longer staged,
// and [ErrNotFound] if it is gone.
func (s *Store) StageStep(ctx context.Context, setID string, step Step) error {
	return s.StageSteps(ctx, setID, []Step{step})
}

// StageSteps is StageStep for many steps, of which all or none are staged. Of
// several for one cell the last counts.
func (s *Store) StageSteps(ctx context.Context, setID string, steps []Step) error {
	if err := s.stageSteps(ctx, setID, onePerCell(steps)); err != nil {
		return fmt.Errorf("store: stage steps: %w", err)
	}
	return nil
}

func (s *Store) stageSteps(ctx context.Context, setID string, steps []Step) error {
	for _, step := range steps {
		if err := step.check(); err != nil {
			return err
		}
	}
	return s.write(ctx, func(tx transaction) error {
		if err := tx.holdStaged(ctx, setID); err != nil {
			return err
		}
		var last int64
		err := tx.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM change_steps WHERE set_id = $1`, setID).Scan(&last)
		if err != nil {
			return err
		}
		return tx.stage(ctx, setID, last, steps)
	})
}

// stageChunk is how many steps are staged by one statement. SQLite finds each
// argument by its name among those of the statement, so more take longer; fewer are
// more round trips to PostgreSQL.
const stageChunk = 20

func (t transaction) stage(ctx context.Context, setID string, last int64, steps []Step) error {
	var stmt *sql.Stmt // ends with the transaction
	size := 0
	for chunk := range slices.Chunk(steps, stageChunk) {
		if len(chunk) != size { // the first, and a smaller last one
			var err error
			if stmt, err = t.PrepareContext(ctx, stageStatement(len(chunk))); err != nil {
				return err
			}
			size = len(chunk)
		}
		args := append(make([]any, 0, 1+stepArguments*size), setID)
		for _, step := range chunk {
			last++
			args = append(args, last, step.RowKind, step.RowID, step.OrganizationUserID,
				storable(step.RowName), storable(step.RowEmail), step.WorkspaceID, storable(step.WorkspaceName), step.Op, storable(step.Was))
		}
		if _, err := stmt.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

// stepArguments is how many arguments stageStatement takes for each step, after the
// set's id.
const stepArguments = 10

func stageStatement(steps int) string {
	var values strings.Builder
	for i := range steps {
		if i > 0 {
			values.WriteByte(',')
		}
		values.WriteString(`($1, ` + placeholders(2+i*stepArguments, stepArguments) + `, 'staged', '', 0, 0, 0)`)
	}
	return `INSERT INTO change_steps (set_id, ` + stepColumns + `) VALUES ` + values.String() + `
		ON CONFLICT (set_id, row_kind, row_id, workspace_id) DO UPDATE SET
		organization_user_id = excluded.organization_user_id, row_name = excluded.row_name, row_email = excluded.row_email,
		workspace_name = excluded.workspace_name, op = excluded.op, was = excluded.was`
}

// check keeps mistakes of the program from becoming errors of the database.
func (step Step) check() error {
	if step.RowKind != RowUser && step.RowKind != RowGroup {
		return errors.New("unknown kind of row " + strconv.Quote(step.RowKind))
	}
	if step.Op != OpAdd && step.Op != OpRemove {
		return errors.New("unknown operation " + strconv.Quote(step.Op))
	}
	return nil
}

// onePerCell drops the steps that a later one replaces, which then stands where the
// first one stood.
func onePerCell(steps []Step) []Step {
	type cell struct {
		kind           string
		row, workspace int64
	}
	places := make(map[cell]int, len(steps))
	kept := make([]Step, 0, len(steps))
	for _, step := range steps {
		c := cell{step.RowKind, step.RowID, step.WorkspaceID}
		if i, ok := places[c]; ok {
			kept[i] = step
			continue
		}
		places[c] = len(kept)
		kept = append(kept, step)
	}
	return kept
}

// UnstageStep takes the step of a cell out of a set that is still staged. It is no
// error if there is none. It returns [ErrConflict] if the set is no longer staged,
// and [ErrNotFound] if it is gone.
func (s *Store) UnstageStep(ctx context.Context, setID, rowKind string, rowID, workspaceID int64) error {
	err := s.write(ctx, func(tx transaction) error {
		if err := tx.holdStaged(ctx, setID); err != nil {
			return err
		}
		_, err := tx.exec(ctx,
			`DELETE FROM change_steps WHERE set_id = $1 AND row_kind = $2 AND row_id = $3 AND workspace_id = $4`,
			setID, rowKind, rowID, workspaceID)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: unstage step: %w", err)
	}
	return nil
}
