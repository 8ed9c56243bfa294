// Package postgrestest gives tests a real PostgreSQL: it finds the server's programs
// on this system and starts a server of its own, with its data in a temporary
// directory, that ends with the test binary.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// errMissing says how to get what is missing.
var errMissing = errors.New("postgrestest: no PostgreSQL server here (initdb and pg_ctl, in the path or in /usr/lib/postgresql/*/bin): " +
	"run `make postgres-setup`, or install the package postgresql of your system")

// Find returns the directory that holds the server's programs: the one of pg_ctl in
// the path, else the newest version where Debian puts them.
func Find() (string, error) {
	if pgCtl, err := exec.LookPath("pg_ctl"); err == nil {
		if target, err := filepath.EvalSymlinks(pgCtl); err == nil && hasPrograms(filepath.Dir(target)) {
			return filepath.Dir(target), nil
		}
	}
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.SortFunc(dirs, func(a, b string) int { return version(b) - version(a) })
	if i := slices.IndexFunc(dirs, hasPrograms); i >= 0 {
		return dirs[i], nil
	}
	return "", errMissing
}

func hasPrograms(dir string) bool {
	for _, name := range []string{"initdb", "pg_ctl", "postgres"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.IsDir() {
			return false
		}
	}
	return true
}

// version reads 15 of /usr/lib/postgresql/15/bin; 0 if it isn't a number.
func version(bin string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	if err != nil {
		return 0
	}
	return n
}

// Setup installs the server with apt-get where Find finds none, this is Debian and
// the user is root, and tells out what it does. It returns what Find does.
func Setup(ctx context.Context, out io.Writer) (string, error) {
	dir, err := Find()
	if err == nil {
		return dir, nil
	}
	if _, noDebian := os.Stat("/etc/debian_version"); noDebian != nil || os.Geteuid() != 0 {
		return "", err
	}
	for _, args := range [][]string{
		{"update", "-qq"},
		{"install", "-y", "-qq", "--no-install-recommends", "postgresql"},
	} {
		// Another apt-get may run: that of the browser tests.
		cmd := exec.CommandContext(ctx, "apt-get", append([]string{"-o", "DPkg::Lock::Timeout=300"}, args...)...)
		cmd.Env = append(cmd.Environ(), "DEBIAN_FRONTEND=noninteractive")
		cmd.Stdout, cmd.Stderr = out, out
		if _, err := fmt.Fprintln(out, "postgres-setup:", cmd); err != nil {
			return "", err
		}
		if err := cmd.Run(); err != nil {
			return "", fmt.Errorf("apt-get: %w", err)
		}
	}
	return Find()
}
