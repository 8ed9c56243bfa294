package postgrestest

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestServer(t *testing.T) {
	ctx := t.Context()
	began := time.Now()
	s, err := Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("started after %v", time.Since(began))
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	for range 2 {
		u, err := s.NewDatabase(ctx)
		if err != nil {
			t.Fatal(err)
		}
		// Where the second were the first, the table would be there.
		if err := query(ctx, u, `CREATE TABLE t (n bigint)`); err != nil {
			t.Error(err)
		}
		if err := s.Restart(ctx); err != nil {
			t.Fatal(err)
		}
		if err := query(ctx, u, `SELECT n FROM t`); err != nil {
			t.Errorf("after a restart: %v", err)
		}
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its directory is still there: %v", err)
	}
	if err := query(ctx, s.url("public"), `SELECT 1`); err == nil {
		t.Error("it still answers")
	}
}

func query(ctx context.Context, databaseURL, statement string) error {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

func TestFindPrefersNewest(t *testing.T) {
	if version("/usr/lib/postgresql/15/bin") <= version("/usr/lib/postgresql/9/bin") {
		t.Error("9 is taken for newer than 15")
	}
}
