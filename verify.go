package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"roster/store"
)

// verifyActivity reads the whole log of activity and says how much of it is as it
// was written. An error names the first row that isn't. The last row's hash, kept
// elsewhere, shows later whether rows were cut off at the end.
func verifyActivity(ctx context.Context, getenv func(string) string, stdout io.Writer) (err error) {
	values, err := readSettings(getenv)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, values["ROSTER_DATABASE_URL"])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, firstBroken, err := db.VerifyActivity(ctx)
	if err != nil {
		return err
	}
	if firstBroken != 0 {
		return errors.Join(
			printed(fmt.Fprintf(stdout, "%d rows are as they were written\nrow %d is the first that is not\n", rows, firstBroken)),
			fmt.Errorf("activity: row %d was changed, put in or taken away", firstBroken),
		)
	}
	id, hash, err := db.ActivityHead(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return printed(fmt.Fprintln(stdout, "0 rows, nothing to verify"))
	}
	if err != nil {
		return err
	}
	return printed(fmt.Fprintf(stdout, "%d rows are as they were written\nthe last is row %d, %s\n", rows, id, hex.EncodeToString(hash)))
}

func printed(_ int, err error) error { return err }
