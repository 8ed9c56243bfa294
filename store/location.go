package store

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
)

// memoryPath is what stands for a database in memory in an address.
const memoryPath = ":memory:"

// addresses are those that errors suggest.
const addresses = "sqlite:///path/file.db or postgres://user@host/database"

// location is a database address that was understood.
type location struct {
	dialect dialect
	path    string          // of the file, or memoryPath; the name of a database on a server
	config  *pgx.ConnConfig // of a server
}

// String is the location as errors may show it.
func (l location) String() string { return l.dialect.name + " database " + l.path }

// scheme needs two letters, so that it is never the drive of a Windows path.
var scheme = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+):`)

func parseURL(databaseURL string) (location, error) {
	databaseURL = strings.TrimSpace(databaseURL)
	if databaseURL == "" {
		return location{}, errors.New("no database address: give " + addresses)
	}
	m := scheme.FindStringSubmatch(databaseURL)
	if m == nil {
		return location{dialect: sqlite, path: databaseURL}, nil
	}
	switch name := strings.ToLower(m[1]); name {
	case "sqlite":
		return parseSQLite(databaseURL[len(m[0]):])
	case "postgres", "postgresql":
		return parsePostgres(databaseURL)
	default:
		return location{}, fmt.Errorf("unknown kind of database %q: give %s", name, addresses)
	}
}

// parseSQLite reads what follows "sqlite:".
func parseSQLite(rest string) (location, error) {
	if rest == memoryPath || rest == "//"+memoryPath || rest == "///"+memoryPath {
		return location{dialect: sqlite, path: memoryPath}, nil
	}
	if strings.ContainsAny(rest, "?#") {
		return location{}, errors.New("sqlite: options after ? or # are not supported")
	}
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		// sqlite://file.db would make file.db a host: refused rather than guessed.
		if !strings.HasPrefix(after, "/") {
			return location{}, errors.New("sqlite: write sqlite:///path/file.db (absolute) or sqlite:file.db (relative)")
		}
		rest = after
	}
	path, err := url.PathUnescape(rest)
	if err != nil {
		return location{}, fmt.Errorf("sqlite: %w", err)
	}
	if path == "" || strings.HasSuffix(path, "/") {
		return location{}, errors.New("sqlite: no file named: give sqlite:///path/file.db")
	}
	return location{dialect: sqlite, path: path}, nil
}
