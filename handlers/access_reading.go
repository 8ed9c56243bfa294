package handlers

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"roster/apiclient"
	"roster/changes"
)

// A reading is what an access review has read, and what it has still to read:
// every page of the users list, then every workspace's own list, which says who
// is direct. It is safe for concurrent use.
type reading struct {
	organizationID int64
	now            func() time.Time

	mu         sync.Mutex
	access     *changes.Access // nil: forgotten
	workspaces map[int64]bool  // that were known of before
	pages      map[int]bool    // that were read
	lastPage   int             // 0: not known yet
	guess      int             // of lastPage
	records    int             // how many users Toggl says there are; 0: it didn't
	lists      map[int64]time.Time
	refused    map[int64]*apiclient.Error
	asked      map[string]bool // in this attempt
	oldest     time.Time
	made       *accessReview // by makeUp
	unshared   bool          // what was made is in this process alone
}

func newReading(organizationID int64, workspaces []apiclient.Workspace, pages int, now func() time.Time) *reading {
	r := &reading{
		organizationID: organizationID, now: now, access: changes.NewAccess(), guess: pages, workspaces: map[int64]bool{}, pages: map[int]bool{},
		lists: map[int64]time.Time{}, refused: map[int64]*apiclient.Error{},
	}
	r.access.AddWorkspaces(workspaces)
	for _, w := range workspaces {
		r.workspaces[w.ID] = true
	}
	return r
}

// begin starts an attempt: what failed in the last one is asked for again. It
// returns the first steps; none where nothing is left to read.
func (r *reading) begin() []changes.Step {
	r.mu.Lock()
	r.asked, r.made, r.unshared = map[string]bool{}, nil, false
	r.mu.Unlock()
	return r.more()
}

// more are the further requests that what was read so far leads to.
func (r *reading) more() []changes.Step {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.access == nil {
		return nil
	}
	if steps := r.nextPages(); len(steps) > 0 || len(r.pages) == 0 {
		return steps
	}
	var steps []changes.Step
	for _, id := range r.unread() {
		steps = r.ask(steps, changes.Step{ID: id, Name: r.access.WorkspaceName(id), Call: workspaceReading{r, id}}, "workspace "+strconv.FormatInt(id, 10))
	}
	return steps
}

// nextPages needs the lock. Where the first answer says how many pages there
// are, they are all asked for; else one leads to the next.
func (r *reading) nextPages() []changes.Step {
	last := r.lastPage
	if last == 0 {
		last = 1
		for r.pages[last] {
			last++
		}
	}
	var steps []changes.Step
	for n := 1; n <= last; n++ {
		if !r.pages[n] {
			number := strconv.Itoa(n)
			steps = r.ask(steps, changes.Step{ID: -int64(n), Name: "Page " + number + " of the users", Call: usersReading{r, n}}, "page "+number)
		}
	}
	return steps
}

// ask adds a step, unless it was taken in this attempt. It needs the lock.
func (r *reading) ask(steps []changes.Step, step changes.Step, key string) []changes.Step {
	if r.asked[key] {
		return steps
	}
	r.asked[key] = true
	return append(steps, step)
}

// unread are the workspaces whose own list is still to be read. It needs the lock.
func (r *reading) unread() []int64 {
	all := maps.Clone(r.workspaces)
	for _, id := range r.access.Workspaces() {
		all[id] = true
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(id int64) bool {
		_, read := r.lists[id]
		return read || r.refused[id] != nil
	})
}

// expected is how many requests there are in all, as far as is known.
func (r *reading) expected() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.access == nil {
		return 0
	}
	pages := r.lastPage
	if pages == 0 {
		pages = max(r.guess, len(r.pages), 1)
	}
	return pages + len(r.lists) + len(r.refused) + len(r.unread())
}

// forget lets go of what was read.
func (r *reading) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.access, r.made = nil, nil
}

// makeUp is the review once the attempt has ended, which is made up once.
func (r *reading) makeUp() *accessReview {
	r.mu.Lock()
	made := r.made
	r.mu.Unlock()
	if made != nil {
		return made
	}
	made = r.review()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made = made
	return made
}

// keepToSelf notes that no other process has what was read.
func (r *reading) keepToSelf() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unshared = true
}

func (r *reading) isUnshared() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unshared
}

func (r *reading) readNow() time.Time {
	at := r.now()
	if r.oldest.IsZero() {
		r.oldest = at
	}
	return at
}

// usersReading is the Call that reads a page of users.
type usersReading struct {
	reading *reading
	page    int
}

// Send asks Toggl itself: what is remembered could be from another hour.
func (u usersReading) Send(ctx context.Context, api *apiclient.Client) error {
	got, err := api.Fresh().ListOrganizationUsers(ctx, u.reading.organizationID, apiclient.ListOrganizationUsersOptions{
		Page: strconv.Itoa(u.page), PerPage: strconv.Itoa(exportPage),
	})
	if err != nil {
		return err
	}
	u.reading.addUsers(u.page, got)
	return nil
}

func (r *reading) addUsers(page int, got apiclient.OrganizationUserPage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.access == nil {
		return
	}
	r.readNow()
	r.pages[page] = true
	r.access.AddUsers(got.Users)
	switch {
	case got.Page.Known:
		r.records, r.lastPage = got.Page.Records, max(got.Page.Pages, 1)
	case !got.Page.HasNext || page*exportPage >= mostExported:
		r.lastPage = page
	}
}

// workspaceReading is the Call that reads a workspace's own list.
type workspaceReading struct {
	reading     *reading
	workspaceID int64
}

// Send asks Toggl itself. A refusal is about this workspace alone, so it is kept
// beside it and the others go on.
func (w workspaceReading) Send(ctx context.Context, api *apiclient.Client) error {
	users, err := api.Fresh().ListWorkspaceUsers(ctx, w.reading.organizationID, w.workspaceID, apiclient.ListWorkspaceUsersOptions{})
	var upstream *apiclient.Error
	if errors.As(err, &upstream) && (upstream.Kind == apiclient.ErrForbidden || upstream.Kind == apiclient.ErrNotFound || upstream.Kind == apiclient.ErrRefused) {
		w.reading.refuse(w.workspaceID, upstream)
		return nil
	}
	if err == nil {
		w.reading.addWorkspace(w.workspaceID, users)
	}
	return err
}

func (r *reading) addWorkspace(workspaceID int64, users []apiclient.WorkspaceUser) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.access == nil {
		return
	}
	r.access.AddWorkspaceUsers(workspaceID, users)
	r.lists[workspaceID] = r.readNow()
}

func (r *reading) refuse(workspaceID int64, why *apiclient.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refused[workspaceID] = why
}

// An accessReview is a reading made up: who has access to what. It never changes.
type accessReview struct {
	workspaces []changes.WorkspaceReview
	homeless   []changes.ReviewRow
	groups     map[int64]string
	rows       int
	users      int
	readAt     time.Time // the oldest of what is in it
	lists      map[int64]time.Time
	refused    map[int64]*apiclient.Error
	missing    int // requests that were not made, or not answered
	// moved: Toggl says that there are more users than its pages had.
	moved bool
}

// whole reports whether nothing is missing.
func (r *accessReview) whole() bool { return r.missing == 0 && len(r.refused) == 0 && !r.moved }

// review is nil while nothing was read.
func (r *reading) review() *accessReview {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.access == nil || len(r.pages) == 0 {
		return nil
	}
	before := r.now().Add(-oldInvitation)
	made := &accessReview{
		workspaces: r.access.Review(changes.Scope{}, before), groups: r.access.GroupNames(), users: r.access.Users(),
		readAt: r.oldest, lists: maps.Clone(r.lists), refused: maps.Clone(r.refused),
		missing: max(r.lastPage-len(r.pages), 0) + len(r.unread()),
	}
	if r.lastPage == 0 {
		made.missing++
	}
	made.moved = made.missing == 0 && made.users < r.records
	if r.lastPage > 0 && len(r.pages) >= r.lastPage {
		made.homeless = r.access.Homeless(before)
	}
	made.rows = len(made.homeless)
	for i := range made.workspaces {
		made.rows += len(made.workspaces[i].Rows)
	}
	return made
}
