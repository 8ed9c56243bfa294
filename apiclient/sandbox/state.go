package sandbox

import (
	"slices"
	"strings"
	"time"
)

// A stamp is a time in Unix microseconds; 0 means never. It is a third of the
// size of a time.Time, which counts with 100,000 users.
type stamp int64

func stampOf(t time.Time) stamp           { return stamp(t.UnixMicro()) }
func (s stamp) Time() time.Time           { return time.UnixMicro(int64(s)).UTC() }
func (s stamp) String() string            { return s.Time().Format("2006-01-02T15:04:05.000000Z") }
func (s stamp) ago(d time.Duration) stamp { return s - stamp(d.Microseconds()) }

// pointer is nil for never.
func (s stamp) pointer() *string {
	if s == 0 {
		return nil
	}
	text := s.String()
	return &text
}

// world is the whole state. Track and Focus are two views of it.
type world struct {
	organizations map[int64]*organization
	workspaces    map[int64]*workspace
	accounts      map[int64]*account
	emails        map[string]*account // by lower-case e-mail
	gone          map[int64]bool      // removed organization user and workspace user ids
	lastID        ids
	personas      struct{ owner, admin, member *orgUser }
}

// ids holds the last id given to each kind. The ranges differ, so that a mix-up
// of kinds is an error and not somebody else.
type ids struct{ account, orgUser, workspaceUser, workspace, group, invitation, organization int64 }

func next(last *int64) int64 {
	*last++
	return *last
}

// An account is a person, who may be in several organizations.
type account struct {
	id                             int64
	name, email                    string
	search                         string // lower-case name, NUL, lower-case e-mail
	nameLength                     int32  // of the name in search
	avatar                         string
	createdAt, updatedAt, lockedAt stamp
	users                          []*orgUser
	zone                           uint8
	twoFactor                      bool
	managed                        bool // by the employer: the e-mail can't be edited
	closed                         bool // its data can't be loaded any more
}

func (a *account) index() {
	name := strings.ToLower(a.name)
	a.nameLength = int32(len(name)) //nolint:gosec // names are short
	a.search = name + "\x00" + strings.ToLower(a.email)
}

func (a *account) sortKey() string { return a.search[:a.nameLength] }

// in is the account's user in an organization, nil when there is none.
func (a *account) in(o *organization) *orgUser {
	for _, u := range a.users {
		if u.org == o {
			return u
		}
	}
	return nil
}

type organization struct {
	id                                           int64
	name                                         string
	plan                                         plan
	maxWorkspaces                                int
	createdAt, updatedAt, trialEnds, nextPayment stamp
	owner, paying                                *orgUser
	users                                        map[int64]*orgUser
	sorted                                       []*orgUser   // by name, then id
	workspaces                                   []*workspace // by id
	groups                                       []*group     // by id
	audit                                        []event      // oldest first
	invited                                      []stamp      // of the last hour
}

type plan struct {
	id            int64
	name          string
	enterprise    bool
	multiple      bool // several workspaces
	paid          bool
	users         int // how many may be active; 0: any number
	retentionDays int // 0: for ever
}

func (o *organization) workspace(id int64) *workspace {
	i, found := slices.BinarySearchFunc(o.workspaces, id, func(w *workspace, id int64) int { return int(w.id - id) })
	if !found {
		return nil
	}
	return o.workspaces[i]
}

func (o *organization) group(id int64) *group {
	for _, g := range o.groups {
		if g.id == id {
			return g
		}
	}
	return nil
}

// byAccount finds a user by the global user id.
func (o *organization) byAccount(w *world, id int64) *orgUser {
	if a := w.accounts[id]; a != nil {
		return a.in(o)
	}
	return nil
}

type workspace struct {
	id        int64
	org       *organization
	name      string
	currency  string
	owner     *account
	createdAt stamp
	updatedAt stamp
}

type group struct {
	id                   int64
	org                  *organization
	name, emoji          string
	users                []*orgUser
	workspaces           []*workspace
	ghosts               []ghost
	createdAt, updatedAt stamp
}

func (g *group) opens(w *workspace) bool { return slices.Contains(g.workspaces, w) }

// A ghost is a placeholder for a person, known to Focus only.
type ghost struct {
	id   int64
	name string
}

// user finds an organization user in any organization.
func (w *world) user(id int64) *orgUser {
	for _, o := range w.organizations {
		if u := o.users[id]; u != nil {
			return u
		}
	}
	return nil
}
