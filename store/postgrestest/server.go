package postgrestest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// A Server is a running PostgreSQL that listens on a socket in its own directory and
// on no network. Its user is "roster".
type Server struct {
	bin, dir string
	as       []string // what a command needs in front to run as the server's user
	guard    *exec.Cmd
	lifeline io.Closer
	schemas  atomic.Int64
}

// Start makes a new, empty server and starts it. Whoever starts one calls Stop; if
// this process ends before, in whatever way, the server ends with it.
func Start(ctx context.Context) (*Server, error) {
	bin, err := Find()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "roster-postgres-")
	if err != nil {
		return nil, fmt.Errorf("postgrestest: %w", err)
	}
	s := &Server{bin: bin, dir: dir}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("postgrestest: %w", err), s.Stop())
	}
	return s, nil
}

func (s *Server) start(ctx context.Context) error {
	if err := s.leaveRoot(); err != nil {
		return err
	}
	if err := s.watch(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	// Small and fast; what is lost in a crash is a test's.
	err := s.run(ctx, "initdb", "-D", s.data(), "-U", "roster", "--auth=trust", "--encoding=UTF8", "--locale=C",
		"--no-sync", "--no-instructions", "--wal-segsize=1")
	if err != nil {
		return err
	}
	return s.pgCtl(ctx, "start")
}

// leaveRoot gives the directory to another user, because PostgreSQL refuses root.
func (s *Server) leaveRoot() error {
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return fmt.Errorf("PostgreSQL refuses root, and there is no other user for it: %w", err)
	}
	uid, errUID := strconv.Atoi(u.Uid)
	gid, errGID := strconv.Atoi(u.Gid)
	if err := errors.Join(errUID, errGID, os.Chown(s.dir, uid, gid)); err != nil {
		return err
	}
	s.as = []string{"setpriv", "--reuid=" + u.Uid, "--regid=" + u.Gid, "--clear-groups", "--"}
	return nil
}

// watch starts a shell that ends the server and removes its data when our end of its
// input is closed: by Stop, or because this process is gone.
func (s *Server) watch(ctx context.Context) error {
	const script = `trap "" INT TERM HUP; cat >/dev/null; "$0/pg_ctl" -D "$1/data" -m immediate -w stop; rm -rf "$1"`
	s.guard = s.command(ctx, "/bin/sh", "-c", script, s.bin, s.dir)
	lifeline, err := s.guard.StdinPipe()
	if err != nil {
		return err
	}
	s.lifeline = lifeline
	return s.guard.Start()
}

// Stop ends the server and removes its data. It may be called twice.
func (s *Server) Stop() error {
	if s.lifeline == nil {
		return os.RemoveAll(s.dir)
	}
	err := s.lifeline.Close()
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return errors.Join(err, s.guard.Wait())
}

// Restart stops the server, which cuts all connections, and starts it again.
func (s *Server) Restart(ctx context.Context) error {
	if err := s.pgCtl(ctx, "stop", "-m", "fast"); err != nil {
		return fmt.Errorf("postgrestest: %w", err)
	}
	if err := s.pgCtl(ctx, "start"); err != nil {
		return fmt.Errorf("postgrestest: %w", err)
	}
	return nil
}

// NewDatabase returns an address at which everything is empty: that of a new schema,
// which is made ten times as fast as a database of its own.
func (s *Server) NewDatabase(ctx context.Context) (string, error) {
	schema := "test" + strconv.FormatInt(s.schemas.Add(1), 10)
	if err := s.exec(ctx, `CREATE SCHEMA `+schema); err != nil {
		return "", fmt.Errorf("postgrestest: %w", err)
	}
	return s.url(schema), nil
}

func (s *Server) url(schema string) string {
	u := url.URL{Scheme: "postgres", User: url.User("roster"), Path: "/postgres"}
	u.RawQuery = url.Values{"host": {s.dir}, "search_path": {schema}}.Encode()
	return u.String()
}

func (s *Server) exec(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.url("public"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) pgCtl(ctx context.Context, action string, args ...string) error {
	if action == "start" {
		// Within the quotes that pg_ctl hands to a shell.
		socket := "'" + strings.ReplaceAll(s.dir, "'", `'\''`) + "'"
		args = append(args, "-l", filepath.Join(s.dir, "log"), "-o", "-c unix_socket_directories="+socket+
			" -c listen_addresses= -c fsync=off -c full_page_writes=off -c shared_buffers=16MB -c wal_level=minimal -c max_wal_senders=0")
	}
	err := s.run(ctx, "pg_ctl", append([]string{"-D", s.data(), "-w", "-s", action}, args...)...)
	if err == nil {
		return nil
	}
	log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	return fmt.Errorf("%w\n%s", err, log)
}

func (s *Server) run(ctx context.Context, program string, args ...string) error {
	cmd := s.command(ctx, filepath.Join(s.bin, program), args...)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, bytes.TrimSpace(output))
	}
	return nil
}

// command is one of the server's user.
func (s *Server) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	all := append(append(s.as[:len(s.as):len(s.as)], program), args...)
	cmd := exec.CommandContext(ctx, all[0], all[1:]...)
	cmd.Dir = s.dir
	return cmd
}
