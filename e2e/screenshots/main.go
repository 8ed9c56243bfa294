// Command screenshots makes the pictures of the README from the demo; with
// -all it makes one of every page in every look, to be looked at.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/playwright-community/playwright-go"

	"roster/e2e/browsertest"
	"roster/e2e/program"
)

// shot is one picture.
type shot struct {
	name, path string
	look       browsertest.Options
	signedOut  bool
	prepare    func(playwright.Page) error
}

var (
	desktop = browsertest.Options{Width: 1440, Height: 900}
	dark    = browsertest.Options{Width: 1440, Height: 900, Dark: true}
	phone   = browsertest.Options{Width: browsertest.Phone, Height: 844, Touch: true}
)

// readme are the pictures that are committed. What is staged for one shows in those
// after it.
var readme = []shot{
	{name: "users", path: "/users", look: desktop, prepare: selectUsers("")},
	{name: "group", path: "/groups/310007?direct=true", look: desktop},
	{name: "roles", path: "/roles/comparison?role=15&role=16&role=17", look: desktop},
	{name: "access-dark", path: "/access", look: dark, prepare: readAccess},
	{name: "assignments-dark", path: "/assignments", look: dark, prepare: stageCells},
}

func main() {
	all := flag.Bool("all", false, "every page in every look")
	out := flag.String("out", filepath.Join("docs", "screenshots"), "folder for the pictures")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *all, *out)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, all bool, out string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "roster-screenshots-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, err := program.Build(ctx, dir)
	if err != nil {
		return err
	}
	demo, err := program.Demo(ctx, path, os.Stderr)
	if err != nil {
		return err
	}
	defer func() { _ = demo.Stop() }() // the pictures are made by then
	browser, err := browsertest.Launch(ctx)
	if err != nil {
		return err
	}
	defer browser.Close()
	shots := readme
	if all {
		shots = everything()
	}
	for _, s := range shots {
		if err := take(browser, demo.URL, s, filepath.Join(out, s.name+".png")); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

func take(browser *browsertest.Browser, url string, s shot, file string) error {
	s.look.BaseURL = url
	page, err := browser.OpenPage(s.look)
	if err != nil {
		return err
	}
	defer page.Close()
	address := s.path
	if !s.signedOut {
		organization, err := signIn(page)
		if err != nil {
			return err
		}
		if address == "" || address[0] == '/' && !isTop(address) {
			address = organization + address
		}
	}
	if _, err := page.Goto(address); err != nil {
		return err
	}
	if s.prepare != nil {
		if err := s.prepare(page); err != nil {
			return err
		}
	}
	_, err = page.Screenshot(playwright.PageScreenshotOptions{Path: &file})
	return err
}

// isTop tells addresses outside an organization.
func isTop(path string) bool {
	for _, top := range []string{"/settings", "/orgs", "/orgs/new", "/sign-in"} {
		if path == top {
			return true
		}
	}
	return false
}

// signIn returns the path of the first organization.
func signIn(page playwright.Page) (string, error) {
	if _, err := page.Goto("/sign-in"); err != nil {
		return "", err
	}
	if err := page.Locator("button[name=demo]").First().Click(); err != nil {
		return "", err
	}
	return page.Locator("#organizations a").First().GetAttribute("href")
}

// everything is every page in both themes and on a phone.
func everything() []shot {
	pages := []shot{
		{name: "sign-in", path: "/sign-in", signedOut: true},
		{name: "organizations", path: "/orgs"},
		{name: "overview", path: ""},
		{name: "users", path: "/users"},
		{name: "users-filtered", path: "/users?active_status=active,invited&only_admins=true"},
		{name: "users-empty", path: "/users?filter=zzzz"},
		{name: "users-refused", path: "/users?active_status=x&page=0"},
		{name: "users-menu", path: "/users", prepare: openMenu("workspaces")},
		{name: "users-columns", path: "/users", prepare: openColumns},
		{name: "users-selected", path: "/users", prepare: selectUsers("")},
		{name: "users-all-selected", path: "/users?scope=all"},
		{name: "row-menu", path: "/users?active_status=invited", prepare: openRowMenu},
		{name: "removal", path: "/users?active_status=active", prepare: selectUsers("removal")},
		{name: "change-deactivation", path: "/users", prepare: selectUsers("changes/deactivation")},
		{name: "change-role", path: "/users", prepare: selectUsers("changes/role")},
		{name: "change-groups", path: "/users", prepare: selectUsers("changes/groups")},
		{name: "batch", path: "/users?active_status=inactive", prepare: reactivateUsers},
		{name: "invitations", path: "/invitations"},
		{name: "invitations-refused", path: "/invitations", prepare: inviteNobody},
		{name: "filter", path: "/users/filters/groups"},
		{name: "user", path: "/users", prepare: followFirst},
		{name: "organization-new", path: "/orgs/new"},
		{name: "organization-rename", path: "", prepare: openRename},
		{name: "organization-usage", path: "/usage"},
		{name: "departure", path: "/departure"},
		{name: "workspaces", path: "/workspaces"},
		{name: "workspace-new", path: "/workspaces/new"},
		{name: "workspace", path: "/workspaces", prepare: followWorkspace},
		{name: "workspace-user", path: "/workspaces", prepare: followWorkspaceUser},
		{name: "workspace-user-removal", path: "/workspaces", prepare: followWorkspaceRemoval},
		{name: "groups", path: "/groups"},
		{name: "groups-mine", path: "/groups/mine"},
		{name: "group", path: "/groups/310007?direct=true"},
		{name: "group-new", path: "/groups/new"},
		{name: "group-deletion", path: "/groups/310007/deletion"},
		{name: "group-members", path: "/groups/310007/members?people=an"},
		{name: "group-access", path: "/groups/310010/access?of=focus"},
		{name: "roles", path: "/roles"},
		{name: "roles-comparison", path: "/roles/comparison?role=15&role=16&role=17"},
		{name: "roles-who", path: "/roles/permissions?permission=11"},
		{name: "focus-users", path: "/focus-users?include_rates=true"},
		{name: "focus-user", path: "/focus-users/5100002"},
		{name: "access", path: "/access", prepare: readAccess},
		{name: "access-user", path: "/users/5100002/access"},
		{name: "access-workspace", path: "/workspaces/2000006/access"},
		{name: "settings", path: "/settings"},
		{name: "missing", path: "/users/1"},
	}
	var shots []shot
	for _, page := range pages {
		for look, options := range map[string]browsertest.Options{"light": desktop, "dark": dark, "phone": phone} {
			s := page
			s.name, s.look = page.name+"-"+look, options
			shots = append(shots, s)
		}
	}
	return shots
}

// stageCells ticks some boxes of the grid.
func stageCells(page playwright.Page) error {
	for _, cell := range []string{"2", "5", "8"} {
		box := page.Locator(".mx tbody tr:nth-child(" + cell + ") td:nth-child(4) input:not(:disabled)")
		if err := box.Click(); err != nil {
			return err
		}
		if err := page.Locator(".drawer li").First().WaitFor(); err != nil {
			return err
		}
	}
	return nil
}

// readAccess has the organization read, and waits until it is.
func readAccess(page playwright.Page) error {
	if err := page.Locator("#access-start").Click(); err != nil {
		return err
	}
	return page.Locator("#access-csv").WaitFor()
}

func openMenu(name string) func(playwright.Page) error {
	return func(page playwright.Page) error {
		filters := page.Locator("button[popovertarget=users-chips]")
		if narrow, err := filters.IsVisible(); err != nil {
			return err
		} else if narrow {
			if err := filters.Click(); err != nil {
				return err
			}
		}
		if err := page.Locator("#chip-" + name).Click(); err != nil {
			return err
		}
		return page.Locator("#menu-" + name + " input").First().WaitFor()
	}
}

// selectUsers ticks three rows and presses the button that leads to action.
func selectUsers(action string) func(playwright.Page) error {
	return func(page playwright.Page) error {
		for _, row := range []int{1, 3, 4} {
			if err := page.Locator("#users tbody .cb").Nth(row).Check(); err != nil {
				return err
			}
		}
		if action == "" {
			return nil
		}
		return page.Locator(".bulk [formaction$='" + action + "']").Click()
	}
}

func reactivateUsers(page playwright.Page) error {
	if err := selectUsers("changes/reactivation")(page); err != nil {
		return err
	}
	return page.Locator("button[name=confirmed]").Click()
}

func openRowMenu(page playwright.Page) error {
	return page.Locator("#users [data-menu]").Nth(1).Click()
}

func inviteNobody(page playwright.Page) error {
	if err := page.Locator("#emails").Fill("Ann Lee <ann@new.example>\nnobody"); err != nil {
		return err
	}
	return page.Locator("#invitations .primary").Click()
}

func openColumns(page playwright.Page) error {
	if visible, err := page.Locator("#columns").IsVisible(); err != nil || !visible {
		return err
	}
	return page.Locator("#columns").Click()
}

func followFirst(page playwright.Page) error {
	return page.Locator("#users tbody tr:nth-child(4) a").Click()
}

func openRename(page playwright.Page) error {
	return page.Locator("#rename summary").Click()
}

func followWorkspace(page playwright.Page) error {
	if err := page.Locator("#workspaces tbody a").First().Click(); err != nil {
		return err
	}
	return page.Locator("#workspace-users").WaitFor()
}

func followWorkspaceUser(page playwright.Page) error {
	if err := followWorkspace(page); err != nil {
		return err
	}
	return page.Locator("#workspace-users tbody tr:nth-child(8) .c-act a").First().Click()
}

func followWorkspaceRemoval(page playwright.Page) error {
	if err := followWorkspace(page); err != nil {
		return err
	}
	return page.Locator("#workspace-users tbody tr:nth-child(8) .c-act a").Last().Click()
}
