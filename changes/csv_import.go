package changes

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"roster/store"
)

// maxImport bounds a file, in bytes: MaxSteps long lines.
const maxImport = 8 << 20

// operationHeaders are what a header may call the third column.
var operationHeaders = []string{"operation", "op", "action", "change", "add or remove", "add/remove"}

// Why a line of a file stages nothing; or one of those that Stage knows.
var (
	ErrColumns            = errors.New("changes: fewer than three columns")
	ErrNoUser             = errors.New("changes: no user with this e-mail address")
	ErrNoGroup            = errors.New("changes: no group with this name")
	ErrAmbiguousGroup     = errors.New("changes: several groups with this name")
	ErrNoWorkspace        = errors.New("changes: no such workspace")
	ErrAmbiguousWorkspace = errors.New("changes: several workspaces with this name")
	ErrDuplicate          = errors.New("changes: the cell was named before")
	ErrTooLarge           = errors.New("changes: the file is too large")
)

// LineError is why one line of a file stages nothing.
type LineError struct {
	Line int    // from 1
	Text string // what it is about, as in the file
	Why  error
}

// Import is what a file would stage.
type Import struct {
	Steps  []store.Step // to be staged
	Drop   []store.Step // staged before, and taken back by the file
	Errors []LineError  // in the order of lines
}

// ParseCSV reads lines of three columns: a user's e-mail address or a group's
// name, a workspace's name or id, and add or remove. Further columns are left
// alone, and so is a header. A byte order mark, and semicolons or tabs instead
// of commas, are taken. An error means that no line could be used: the file is
// no CSV, or is ErrTooLarge, or has more than MaxSteps lines (ErrTooMany).
func ParseCSV(r io.Reader, a *Access, staged Staged) (Import, error) {
	lines, err := csvLines(r)
	if err != nil {
		return Import{}, err
	}
	p := importer{access: a, staged: staged, names: namesOf(a), seen: map[Target]bool{}}
	for {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return p.result, nil
		}
		if err != nil {
			return Import{}, fmt.Errorf("changes: read csv: %w", err)
		}
		if p.lines++; p.lines > MaxSteps {
			return Import{}, ErrTooMany
		}
		line, _ := lines.FieldPos(0)
		p.line(line, fields)
	}
}

func csvLines(r io.Reader) (*csv.Reader, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxImport+1))
	if err != nil {
		return nil, fmt.Errorf("changes: read csv: %w", err)
	}
	if len(text) > maxImport {
		return nil, ErrTooLarge
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	lines := csv.NewReader(bytes.NewReader(text))
	lines.Comma = separator(text)
	lines.FieldsPerRecord, lines.LazyQuotes, lines.TrimLeadingSpace = -1, true, true
	return lines, nil
}

// separator is what the first line has most of, outside of quotes.
func separator(text []byte) rune {
	first, _ := bufio.NewReader(bytes.NewReader(text)).ReadString('\n')
	counts, quoted := map[rune]int{}, false
	for _, r := range first {
		if r == '"' {
			quoted = !quoted
		}
		if !quoted {
			counts[r]++
		}
	}
	best := ','
	for _, r := range ";\t" {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

type importer struct {
	access *Access
	staged Staged
	names  names
	seen   map[Target]bool
	lines  int
	result Import
}

func (p *importer) line(number int, fields []string) {
	for i := range fields {
		fields[i] = strings.TrimSpace(plainText(strings.TrimSpace(fields[i])))
	}
	if len(fields) < 3 {
		p.fail(number, strings.Join(fields, " "), ErrColumns)
		return
	}
	op := strings.ToLower(fields[2])
	if p.lines == 1 && slices.Contains(operationHeaders, op) {
		return
	}
	at, about, err := p.target(fields[0], fields[1])
	switch {
	case op != store.OpAdd && op != store.OpRemove:
		about, err = fields[2], ErrBadOp
	case err == nil && p.seen[at]:
		about, err = fields[0], ErrDuplicate
	}
	if err != nil {
		p.fail(number, about, err)
		return
	}
	p.seen[at] = true
	step, unstage, err := Stage(p.access, p.staged, at, op)
	switch {
	case err != nil:
		p.fail(number, fields[0], err)
	case unstage:
		p.result.Drop = append(p.result.Drop, step)
	default:
		p.result.Steps = append(p.result.Steps, step)
	}
}

func (p *importer) fail(line int, about string, why error) {
	p.result.Errors = append(p.result.Errors, LineError{line, about, why})
}

// target finds a cell; about is the text that an error is about.
func (p *importer) target(row, workspace string) (at Target, about string, err error) {
	if at.RowKind, at.RowID, err = p.names.row(row); err != nil {
		return at, row, err
	}
	at.WorkspaceID, err = p.names.workspace(workspace)
	return at, workspace, err
}

// names finds rows and columns by what people write, in whatever case.
type names struct {
	users      map[string]int64
	groups     map[string][]int64
	workspaces map[string][]int64
}

func namesOf(a *Access) names {
	n := names{make(map[string]int64, len(a.users)), map[string][]int64{}, map[string][]int64{}}
	for id, u := range a.users {
		n.users[fold(u.Email)] = id
	}
	for id, g := range a.groups {
		n.groups[fold(g.name)] = append(n.groups[fold(g.name)], id)
	}
	for id, c := range a.columns {
		text := strconv.FormatInt(id, 10)
		n.workspaces[text] = append(n.workspaces[text], id)
		if name := fold(c.name); name != text {
			n.workspaces[name] = append(n.workspaces[name], id)
		}
	}
	return n
}

func fold(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

func (n names) row(text string) (kind string, id int64, err error) {
	key := fold(text)
	if id, ok := n.users[key]; ok && key != "" {
		return store.RowUser, id, nil
	}
	switch groups := n.groups[key]; {
	case len(groups) > 1:
		return "", 0, ErrAmbiguousGroup
	case len(groups) == 1 && key != "":
		return store.RowGroup, groups[0], nil
	case strings.Contains(key, "@"):
		return "", 0, ErrNoUser
	}
	return "", 0, ErrNoGroup
}

func (n names) workspace(text string) (int64, error) {
	switch found := n.workspaces[fold(text)]; {
	case len(found) > 1:
		return 0, ErrAmbiguousWorkspace
	case len(found) == 1 && fold(text) != "":
		return found[0], nil
	}
	return 0, ErrNoWorkspace
}
