package store

import (
	"context"
	"database/sql"
	"fmt"
)

// StepCounts returns how many steps of each of the sets are in which state. Sets
// without steps are not in it.
func (s *Store) StepCounts(ctx context.Context, setIDs []string) (map[string]map[string]int, error) {
	counts := make(map[string]map[string]int, len(setIDs))
	if len(setIDs) == 0 {
		return counts, nil
	}
	args := make([]any, len(setIDs))
	for i, id := range setIDs {
		args[i] = id
	}
	rows, err := s.db.QueryContext(ctx, countsQuery(len(args)), args...)
	if err == nil {
		err = addCounts(rows, counts)
	}
	if err != nil {
		return nil, fmt.Errorf("store: count steps: %w", err)
	}
	return counts, nil
}

func countsQuery(sets int) string {
	return `SELECT set_id, state, count(*) FROM change_steps WHERE set_id IN (` + placeholders(1, sets) + `) GROUP BY set_id, state`
}

func addCounts(rows *sql.Rows, counts map[string]map[string]int) error {
	defer rows.Close()
	for rows.Next() {
		var id, state string
		var n int
		if err := rows.Scan(&id, &state, &n); err != nil {
			return err
		}
		if counts[id] == nil {
			counts[id] = map[string]int{}
		}
		counts[id][state] = n
	}
	return rows.Err()
}
