package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
)

func TestOverview(t *testing.T) {
	a := signedIn(t)
	got := a.get(a.orgURL()).want(http.StatusOK)
	got.has("h1", "Halden & Moss")
	got.has(".page-head .sub", "Enterprise plan", "Organization ID "+number(a.org))
	got.has(".figs", "Users 214", "Admins", "Groups 15 with users", "Workspaces 8")
	if rows := got.Find("#workspaces tbody tr").Length(); rows != 8 {
		t.Errorf("%d workspaces", rows)
	}
	facts := got.text("section[aria-labelledby=h-facts]")
	for _, term := range []string{"You are the owner", "Plan Enterprise", "Data is kept", "Created", "Your permissions", "Unified with Toggl Focus"} {
		if !strings.Contains(facts, term) {
			t.Errorf("the facts are without %q: %s", term, facts)
		}
	}
	if got.text(".side .nav a[aria-current] span") != "Overview" {
		t.Error("Overview isn't the current item")
	}
}

// TestOverviewCountsAgree: every number of users that we counted is that of the
// list it links to. (A workspace's members are Toggl's own figure.)
func TestOverviewCountsAgree(t *testing.T) {
	a := signedIn(t)
	overview := a.get(a.orgURL()).want(http.StatusOK)
	checked := 0
	compare := func(number, href string) {
		list := a.get(href).want(http.StatusOK)
		if count := list.text("#users-count"); count != number {
			t.Errorf("the overview says %s of %s, the list %s", number, href, count)
		}
		checked++
	}
	overview.Find(".legend a, section[aria-labelledby=h-groups] li").Each(func(_ int, s *selection) {
		href := s.AttrOr("href", s.Find("a").AttrOr("href", ""))
		s.Find(".vh").Remove()
		compare(oneLine(s.Find("b, .num.muted").First().Text()), href)
	})
	overview.Find(".figs a[href*=users]").Each(func(_ int, s *selection) {
		compare(oneLine(s.Find("b").Text()), s.AttrOr("href", ""))
	})
	if checked != 3+5+2 {
		t.Errorf("%d numbers were compared", checked)
	}
}

func TestOverviewAttention(t *testing.T) {
	a := signedIn(t)
	rows := a.upstream.Owner().OrganizationUserID
	a.upstream.Replace(rows, func(u *sandbox.User) { u.TwoFactorEnabled = false })
	got := a.get(a.orgURL()).want(http.StatusOK)
	attention := "section[aria-labelledby=h-attention]"
	got.has(attention, "invitation", "older than 14 days", "in no workspace", "two-factor off", "organization admin", "only one admin")
	got.Find(attention + " a").Each(func(_ int, s *selection) {
		if href := s.AttrOr("href", ""); strings.HasPrefix(href, "/") {
			a.get(href).want(http.StatusOK)
		}
	})
}

// TestOverviewNamesTheNameless: somebody who was invited may have no name yet.
func TestOverviewNamesTheNameless(t *testing.T) {
	a := signedIn(t)
	id := a.upstream.Member().OrganizationUserID
	a.upstream.Replace(id, func(u *sandbox.User) {
		u.Name, u.Email, u.Joined, u.CreatedAt = "", "nameless@example.com", false, start.Add(-300*24*time.Hour)
	})
	a.get(a.orgURL()).want(http.StatusOK).has("section[aria-labelledby=h-attention]", "The oldest went to nameless@example.com on 25 Jan.")
}

// TestOverviewOfALargeOrganization: what was not counted to the end is a lower
// bound, and nothing is drawn of it.
func TestOverviewOfALargeOrganization(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.Users = 900 })
	got := a.get(a.orgURL()).want(http.StatusOK)
	got.has(".figs", "Users 900", "+ still invited")
	got.has("section[aria-labelledby=h-attention]", "At least ")
	if got.Find("section[aria-labelledby=h-status], section[aria-labelledby=h-groups]").Length() != 0 {
		t.Error("it draws what it doesn't know")
	}
}

// TestOverviewWithoutAPart: one call that fails takes nothing else along.
func TestOverviewWithoutAPart(t *testing.T) {
	tests := []struct {
		operation      string
		failure        sandbox.Failure
		section, words string
	}{
		{"GetWorkspaceStatistics", sandbox.Failure{Status: 403, Body: `"no statistics"`}, "h-workspaces", "The workspaces' statistics could not be read. You are not allowed to see this. no statistics from Toggl"},
		{"GetWorkspaceStatistics", sandbox.Failure{Status: 404, Body: `"gone"`}, "h-workspaces", "The workspaces' statistics could not be read. Toggl has no such thing. gone from Toggl"},
		{"ListMyWorkspaces", sandbox.Failure{Status: 403, Body: `"User does not have access to this resource."`}, "h-workspaces", "The workspaces' names could not be read. You are not allowed to see this."},
		{"ListOrganizationUsers", sandbox.Failure{Status: 403, Body: `"not you"`}, "h-attention", "The users could not be read. You are not allowed to see this. not you"},
		{"ListOrganizationUsers", sandbox.Failure{Body: `[{"id":`}, "h-attention", "The users could not be read. Toggl couldn't answer."},
	}
	for _, tt := range tests {
		t.Run(tt.operation+" "+number(int64(tt.failure.Status)), func(t *testing.T) {
			a := signedIn(t)
			tt.failure.Operation, tt.failure.Times = tt.operation, -1
			a.upstream.Script(tt.failure)
			got := a.get(a.orgURL()).want(http.StatusOK)
			got.has("section[aria-labelledby="+tt.section+"] .note.warn", tt.words)
			got.has(".figs", "214", "8")
			if got.Find("#workspaces tbody tr").Length() != 8 {
				t.Errorf("%d workspaces", got.Find("#workspaces tbody tr").Length())
			}
		})
	}
}

func TestOverviewOfAMember(t *testing.T) {
	a := newApp(t)
	a.signIn(a.upstream.Member())
	got := a.get(a.orgURL()).want(http.StatusOK)
	got.has("section[aria-labelledby=h-facts]", "You are a member")
	got.has("section[aria-labelledby=h-attention] .note.warn", "User is not authorized to list the organization users")
	if got.text(".me small") != a.upstream.Member().Email {
		t.Errorf("the account line is %q", got.text(".me small"))
	}
}

func TestOverviewRefused(t *testing.T) {
	a := signedIn(t)
	a.get("/orgs/99999999").want(http.StatusNotFound).has("#problem", "Toggl has no such thing", "Invalid organization ID")
	a.client = newBrowser(t)
	a.signIn(a.upstream.Admin())
	small := a.org + 1217
	a.get("/orgs/"+number(small)).want(http.StatusNotFound).has("#problem", "User not part of organization")
}

func TestOverviewOfASuspendedTrial(t *testing.T) {
	a := signedIn(t)
	a.upstream.Script(sandbox.Failure{Operation: "GetOrganization", Body: `{"id":` + number(a.org) + `,"name":"Trial","pricing_plan_name":"Premium trial",
		"suspended_at":"2026-11-03T12:00:00Z","trial_info":{"trial":true,"trial_end_date":"2027-02-01T12:00:00Z"},"max_data_retention_days":90,"user_count":214}`})
	got := a.get(a.orgURL()).want(http.StatusOK)
	got.has(".page-head .sub", "Premium trial plan, on trial until 1 Feb 2027.")
	got.has("section[aria-labelledby=h-facts]", "Suspended since 3 Nov", "Data is kept 90 days", "Trial running")
	got.has("section[aria-labelledby=h-attention]", "The organization is suspended Since 3 Nov.")
}
