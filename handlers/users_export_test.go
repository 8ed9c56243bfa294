package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"roster/apiclient/sandbox"
)

// TestExportSaysWhatItCosts, without asking Toggl anything.
func TestExportSaysWhatItCosts(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.Users = 1000 })
	got := a.get(a.orgURL() + "/users/export").want(http.StatusOK)
	got.has(".facts", "Users not known before it starts", "Requests to Toggl not known before it starts")
	table := a.get(a.users("filter=a&page=2"))
	a.upstream.ResetRequests()
	link := table.attr("#users-export", "href")
	if link != a.orgURL()+"/users/export?filter=a&page=2" {
		t.Fatalf("the table leads to %q", link)
	}
	got = a.get(link)
	if n := len(a.upstream.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	facts := got.text(".facts")
	got.has(".facts", "“a”", "Requests left this hour", "all are back at")
	if strings.Contains(facts, "not known") {
		t.Errorf("facts %q", facts)
	}
	d := a.download(got.attr("#export-start", "href"))
	if n := len(a.upstream.Requests()); !strings.Contains(facts, "Requests to Toggl "+number(int64(n))) || !strings.Contains(facts, "Users "+number(int64(len(d.records)-1))) {
		t.Errorf("%d requests and %d users, but the page said %q", n, len(d.records)-1, facts)
	}
	a.upstream.SetQuotaRemaining(4)
	a.get(a.users("")) // leaves three of five
	a.get(a.orgURL()+"/users/export").has(".note.warn", "The requests that are left don't suffice.", "would stop half way")
}

// TestExportProgress: with scripts and without.
func TestExportProgress(t *testing.T) {
	a := signedIn(t, func(o *sandbox.Options) { o.Users = 1000 })
	got := a.get(a.orgURL() + "/users/export?active_status=active,invited")
	start, poll, page := got.attr("#export-start", "href"), got.attr("#export-progress", "hx-get"), got.attr("noscript a", "href")
	if got.attr("#export-progress", "hx-trigger") != "begin delay:300ms" || got.text("#export-progress") != "" {
		t.Error("it runs before it was started")
	}
	if page == "" { // what is in noscript is text to a parser with scripts
		_, rest, _ := strings.Cut(got.text("noscript"), `href="`)
		page, _, _ = strings.Cut(rest, `"`)
		page = strings.ReplaceAll(page, "&amp;", "&")
	}
	a.getFragment(poll, start).has("#export-progress", "No word from the download yet")

	a.upstream.SetLatency(100 * time.Millisecond)
	done := make(chan download)
	go func() { done <- a.download(start) }()
	saw := ""
	for deadline := time.Now().Add(5 * time.Second); !strings.Contains(saw, " of ") && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		saw = a.getFragment(poll, start).text("#export-progress")
	}
	if !strings.HasSuffix(saw, " users") || !strings.Contains(saw, "00 of ") {
		t.Errorf("on the way it says %q", saw)
	}
	running := a.get(page)
	if !strings.Contains(running.text("head noscript")+running.body, `http-equiv="refresh"`) {
		t.Error("without scripts the page doesn't ask again")
	}
	if second := a.download(start); second.status != http.StatusNoContent {
		t.Errorf("pressed twice: %d", second.status)
	}
	d := <-done
	if d.err != nil {
		t.Fatal(d.err)
	}
	words := "All " + number(int64(len(d.records)-1)) + " users are in the file"
	fragment := a.getFragment(poll, start)
	fragment.has("#export-progress", words)
	fragment.has("#announce", words)
	if trigger := fragment.attr("#export-progress", "hx-trigger"); strings.HasPrefix(trigger, "every") {
		t.Error("it goes on asking")
	}
	a.client = newBrowser(t)
	a.signIn(a.upstream.Admin())
	if text := a.get(page).text("#export-progress"); text != "" {
		t.Errorf("somebody else sees %q", text)
	}
}
