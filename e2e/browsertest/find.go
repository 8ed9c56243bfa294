// Package browsertest gives tests a real browser: it finds or installs what is
// needed (Node.js, the Playwright driver, axe-core, a Chromium), starts one
// driver and one browser per test binary, and opens pages that fail their test
// on script errors, console errors and reports of the content security policy.
package browsertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// DriverVersion is the version of playwright-core that the client module wants
// and that package.json installs (TestVersions compares the three).
const DriverVersion = "1.60.0"

// Env says where the parts are. An empty Browser stands for the download of
// Playwright itself.
type Env struct{ Node, Driver, Axe, Browser string }

// Dir returns the e2e folder, which holds package.json and node_modules: the one
// below the go.mod at or above the working directory. (runtime.Caller knows no
// absolute paths under -trimpath.)
var Dir = sync.OnceValue(func() string {
	dir, err := os.Getwd()
	for err == nil && !isFile(filepath.Join(dir, "go.mod")) {
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return filepath.Join(dir, "e2e")
})

// Find looks for the parts and installs nothing. Its error names each part that
// is missing.
func Find(ctx context.Context) (Env, error) {
	var missing []error
	env := Env{Node: findNode(ctx), Driver: findDriver(), Axe: findAxe()}
	if env.Node == "" {
		missing = append(missing, errors.New("no Node.js of version 18 or later"))
	}
	if env.Driver == "" {
		missing = append(missing, fmt.Errorf("no Playwright driver %s", DriverVersion))
	}
	if env.Axe == "" {
		missing = append(missing, errors.New("no axe-core"))
	}
	browser, ok := findBrowser()
	if !ok {
		missing = append(missing, errors.New("no Chromium or Chrome"))
	}
	env.Browser = browser
	if missing != nil {
		return env, fmt.Errorf("%w (run: make e2e-setup)", errors.Join(missing...))
	}
	return env, nil
}

// findNode returns $PLAYWRIGHT_NODEJS_PATH, or node from the path when it is of
// version 18 or later, or "".
func findNode(ctx context.Context) string {
	if named := os.Getenv("PLAYWRIGHT_NODEJS_PATH"); named != "" {
		return named
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	answer, err := exec.CommandContext(ctx, node, "-p", "process.versions.node.split('.')[0] >= 18").Output()
	if err != nil || strings.TrimSpace(string(answer)) != "true" {
		return ""
	}
	return node
}

// findDriver returns node_modules, in which npm puts playwright-core under the
// name "package": that makes it a driver folder.
func findDriver() string {
	modules := filepath.Join(Dir(), "node_modules")
	manifest, err := os.ReadFile(filepath.Join(modules, "package", "package.json"))
	if err != nil || !bytes.Contains(manifest, []byte(`"version": "`+DriverVersion+`"`)) {
		return ""
	}
	return modules
}

func findAxe() string {
	script := filepath.Join(Dir(), "node_modules", "axe-core", "axe.min.js")
	if !isFile(script) {
		return ""
	}
	return script
}

// findBrowser returns $CHROMIUM, or a browser from the usual places, or, with an
// empty path, Playwright's own download.
func findBrowser() (string, bool) {
	if named := os.Getenv("CHROMIUM"); named != "" {
		return named, isFile(named)
	}
	for _, name := range browserNames() {
		if found, err := exec.LookPath(name); err == nil {
			return found, true
		}
	}
	places := []string{
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
		filepath.Join(os.Getenv("ProgramFiles"), "Google/Chrome/Application/chrome.exe"),
	}
	if i := slices.IndexFunc(places, isFile); i >= 0 {
		return places[i], true
	}
	downloads, err := filepath.Glob(filepath.Join(downloadDir(), "chromium_headless_shell-*", "INSTALLATION_COMPLETE"))
	return "", err == nil && len(downloads) > 0
}

// browserNames lists the names to look for. Debian's headless shell comes first:
// it takes a third of the CPU time per page. On Ubuntu, chromium is a stub for a
// snap, which cannot be driven.
func browserNames() []string {
	if isUbuntu() {
		return []string{"google-chrome", "google-chrome-stable"}
	}
	return []string{"chromium-headless-shell", "chromium", "google-chrome", "google-chrome-stable", "chromium-browser"}
}

func downloadDir() string {
	if named := os.Getenv("PLAYWRIGHT_BROWSERS_PATH"); named != "" {
		return named
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	cache := map[string]string{"darwin": "Library/Caches", "windows": "AppData/Local"}[runtime.GOOS]
	if cache == "" {
		cache = ".cache"
	}
	return filepath.Join(home, cache, "ms-playwright")
}

func isUbuntu() bool {
	release, err := os.ReadFile("/etc/os-release")
	return err == nil && bytes.Contains(append([]byte("\n"), release...), []byte("\nID=ubuntu"))
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
