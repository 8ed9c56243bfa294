package browsertest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// A Browser is a running driver with one headless browser, which reaches
// nothing but this machine.
type Browser struct {
	playwright.Browser
	driver *playwright.Playwright
}

// Launch starts a browser. Tests call NewPage, which shares one; other programs
// (screenshots) call Launch and Close themselves.
func Launch(ctx context.Context) (*Browser, error) {
	env, err := Find(ctx)
	if err != nil {
		return nil, err
	}
	if err := os.Setenv("PLAYWRIGHT_NODEJS_PATH", env.Node); err != nil { // the client has no option for it
		return nil, err
	}
	driver, err := playwright.Run(&playwright.RunOptions{DriverDirectory: env.Driver})
	if err != nil {
		return nil, fmt.Errorf("starting the Playwright driver: %w", err)
	}
	browser, err := driver.Chromium.Launch(launchOptions(env.Browser))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting the browser: %w", err), driver.Stop())
	}
	return &Browser{Browser: browser, driver: driver}, nil
}

func launchOptions(path string) playwright.BrowserTypeLaunchOptions {
	options := playwright.BrowserTypeLaunchOptions{Args: []string{
		"--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
	}}
	if path != "" {
		options.ExecutablePath = playwright.String(path)
	}
	return options
}

// OpenPage opens a page with a profile of its own, which closing the browser
// closes.
func (b *Browser) OpenPage(o Options) (playwright.Page, error) {
	profile, err := b.NewContext(o.contextOptions())
	if err != nil {
		return nil, fmt.Errorf("new browser context: %w", err)
	}
	profile.SetDefaultTimeout(patience)
	return profile.NewPage()
}

// Close ends the browser and the driver.
func (b *Browser) Close() error {
	return errors.Join(b.Browser.Close(), b.driver.Stop())
}

var shared struct {
	sync.Mutex
	browser *Browser
	err     error
}

// Main runs the tests of a package that opens pages, and ends the shared browser
// afterwards: func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }.
func Main(m *testing.M) int {
	// A journey is mostly waiting, so more than one for each processor are under
	// way; what the command line says comes later, and goes.
	if err := flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0))); err != nil {
		slog.Warn("the tests run one after the other", "error", err)
	}
	code := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.browser == nil {
		return code
	}
	if err := shared.browser.Close(); err != nil {
		slog.Warn("the browser did not end in order", "error", err)
	}
	return code
}

// sharedBrowser starts the browser of this test binary at the first call. When
// it cannot be started every test fails, and none is skipped.
func sharedBrowser(t testing.TB) *Browser {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.browser == nil && shared.err == nil {
		// Not t.Context: the browser outlives the test that starts it.
		shared.browser, shared.err = Launch(context.WithoutCancel(t.Context()))
	}
	if shared.err != nil {
		t.Fatalf("no browser: %v", shared.err)
	}
	return shared.browser
}
