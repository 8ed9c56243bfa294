package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// SaveRecord writes the holder's progress, nil for the same as before, lets its lease
// start anew, and reports whether somebody asked to stop. It returns [ErrConflict]
// where the holder lost the record, and [ErrTooLarge] for more than [MaxRecord].
func (s *Store) SaveRecord(ctx context.Context, id, holder string, progress []byte, lease time.Duration) (stop bool, err error) {
	if len(progress) > MaxRecord {
		return false, fmt.Errorf("store: save record: %w", ErrTooLarge)
	}
	write := s.writeDurably // what is done next has to be known of
	if progress == nil {
		write = s.write
	}
	err = write(ctx, func(tx transaction) error {
		set, args := ``, []any{tx.now + lease.Milliseconds(), id, holder}
		if progress != nil {
			set, args = `, progress = $4`, append(args, progress)
		}
		var asked int64
		err := tx.QueryRowContext(ctx,
			`UPDATE records SET held_until = $1`+set+` WHERE id = $2 AND holder = $3 RETURNING stop`, args...).Scan(&asked)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrConflict
		}
		stop = asked != 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("store: save record: %w", err)
	}
	return stop, nil
}

// FinishRecord writes the holder's last progress; the record is nobody's afterwards.
// It returns [ErrConflict] where the holder lost it.
func (s *Store) FinishRecord(ctx context.Context, id, holder string, progress []byte) error {
	if len(progress) > MaxRecord {
		return fmt.Errorf("store: finish record: %w", ErrTooLarge)
	}
	err := s.writeDurably(ctx, func(tx transaction) error {
		n, err := tx.exec(ctx,
			`UPDATE records SET progress = $1, holder = '', held_until = 0 WHERE id = $2 AND holder = $3`, notNull(progress), id, holder)
		if err == nil && n == 0 {
			return ErrConflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("store: finish record: %w", err)
	}
	return nil
}

// StopRecord asks the holder, in whatever process, to stop. Where nobody works on the
// record nothing happens.
func (s *Store) StopRecord(ctx context.Context, key RecordKey) error {
	if _, err := s.db.ExecContext(ctx, `UPDATE records SET stop = 1 WHERE holder <> '' AND `+byKey, key.args()...); err != nil {
		return fmt.Errorf("store: stop record: %w", err)
	}
	return nil
}

// ReleaseRecord takes the record from a holder whose lease has ended, so that it does
// no more should it live after all. It returns [ErrConflict] while the lease lasts.
func (s *Store) ReleaseRecord(ctx context.Context, key RecordKey) error {
	err := s.writeDurably(ctx, func(tx transaction) error {
		n, err := tx.exec(ctx, `UPDATE records SET holder = '', held_until = 0 WHERE `+byKey+` AND held_until <= $5`, append(key.args(), tx.now)...)
		if err != nil || n == 1 {
			return err
		}
		return tx.conflictIf(ctx, `SELECT 1 FROM records WHERE `+byKey, key.args()...)
	})
	if err != nil {
		return fmt.Errorf("store: release record: %w", err)
	}
	return nil
}
