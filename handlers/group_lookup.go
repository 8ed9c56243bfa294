package handlers

import (
	"context"

	"roster/apiclient"
)

const (
	// freeLookups is how many requests finding people costs at most before the
	// person is asked; clickLookups how many they allow with one click, which
	// end well before a request's own time does.
	freeLookups  = 3
	clickLookups = 20
	// lookupPage is how many users one page of the whole list holds.
	lookupPage = 200
	// mostCandidates is how many people are shown for one name.
	mostCandidates = 20
)

// A foundPerson is what became of looking for a wantedPerson.
type foundPerson struct {
	wantedPerson
	users []apiclient.OrganizationUser
	// unread: Toggl has not been asked yet, or couldn't answer.
	unread bool
	// more people match than are in users.
	more bool
}

// A peopleFinder looks people up: in what is cached, and then in as few
// requests as it takes, either the whole list or a search for each.
type peopleFinder struct {
	api            *apiclient.Client
	organizationID int64
	// allowed is how many requests may be made.
	allowed int
	// trusting takes a cached search of whatever age for an answer, so that
	// clicking on asks nothing twice.
	trusting bool

	known []apiclient.OrganizationUser
	all   []apiclient.OrganizationUser // the whole list; nil: not read
	err   error                        // why Toggl couldn't be asked
}

// find looks for everybody. cost is how many requests are left to make for
// those who are unread.
func (f *peopleFinder) find(ctx context.Context, wanted []wantedPerson) (found []foundPerson, cost int) {
	f.known = f.api.KnownOrganizationUsers(f.organizationID)
	if f.trusting {
		f.all, _ = wholeList(ctx, f.api.Known(), f.organizationID) // unknown is none
	}
	found = make([]foundPerson, len(wanted))
	var left []*foundPerson
	for i, p := range wanted {
		found[i] = foundPerson{wantedPerson: p, unread: true}
		if !f.fromKnown(ctx, &found[i]) {
			left = append(left, &found[i])
		}
	}
	pages := f.pages(ctx)
	switch {
	case len(left) > pages && pages <= f.allowed:
		f.readAll(ctx, left)
	case f.trusting || min(len(left), pages) <= f.allowed:
		f.search(ctx, left[:min(len(left), f.allowed)])
	}
	for i := range found {
		if found[i].unread {
			cost++
		}
	}
	return found, min(cost, pages)
}

// fromKnown reports whether what is cached answers. A name that isn't searched
// for may be that of others too, who weren't read.
func (f *peopleFinder) fromKnown(ctx context.Context, p *foundPerson) bool {
	if p.email != "" {
		if users := p.among(f.known); len(users) > 0 {
			p.take(users, false)
			return true
		}
	}
	if f.all != nil {
		p.take(p.among(f.all), false)
		return true
	}
	return f.trusting && f.searchOne(ctx, f.api.Known(), p) == nil
}

// pages is how many requests the whole list takes.
func (f *peopleFinder) pages(ctx context.Context) int {
	mine, _ := f.api.Known().ListMyOrganizations(ctx) // unknown is none
	for _, o := range mine {
		if o.ID == f.organizationID && o.UserCount > 0 {
			return (int(o.UserCount) + lookupPage - 1) / lookupPage
		}
	}
	return maxListed
}

func (f *peopleFinder) readAll(ctx context.Context, left []*foundPerson) {
	if f.all, f.err = wholeList(ctx, f.api, f.organizationID); f.err != nil {
		return
	}
	for _, p := range left {
		p.take(p.among(f.all), false)
	}
}

func wholeList(ctx context.Context, api *apiclient.Client, organizationID int64) ([]apiclient.OrganizationUser, error) {
	var all []apiclient.OrganizationUser
	for u, err := range api.AllOrganizationUsers(ctx, organizationID, apiclient.ListOrganizationUsersOptions{}, maxListed) {
		if err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	return all, nil
}

// search asks for one after the other, and ends where Toggl can't answer.
func (f *peopleFinder) search(ctx context.Context, left []*foundPerson) {
	for _, p := range left {
		if f.err = f.searchOne(ctx, f.api, p); f.err != nil {
			return
		}
	}
}

func (f *peopleFinder) searchOne(ctx context.Context, api *apiclient.Client, p *foundPerson) error {
	page, err := api.ListOrganizationUsers(ctx, f.organizationID, apiclient.ListOrganizationUsersOptions{Filter: p.filter()})
	if err != nil {
		return err
	}
	p.take(p.among(page.Users), page.Page.HasNext)
	return nil
}

func (p *foundPerson) take(users []apiclient.OrganizationUser, more bool) {
	p.unread, p.users, p.more = false, users, more && p.email == ""
	if len(users) > mostCandidates {
		p.users, p.more = users[:mostCandidates], true
	}
}
