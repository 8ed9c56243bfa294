package browsertest

import (
	"cmp"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// patience is how long an expectation may take to come true, in milliseconds.
const patience = 15_000

// Options says what kind of person sits at the browser. The zero value is a
// desktop with scripts, in the light theme and with reduced motion.
type Options struct {
	BaseURL       string // addresses given to Goto are relative to it
	Width, Height int    // CSS pixels; 0: 1280 × 800
	Dark          bool
	NoScript      bool
	Touch         bool // coarse pointer
	Motion        bool // animations run; without them a page is still at once
	ForcedColors  bool
}

// Phone is the narrow width that every page is tried at, in CSS pixels.
const Phone = 390

// A Page is one browser page of one test, with a profile of its own.
type Page struct {
	playwright.Page
	Expect playwright.PlaywrightAssertions // each waits up to 15 s

	t     testing.TB
	watch *watch
}

// NewPage opens a blank page, which is closed at the end of the test. The test
// fails when the page raised an error, wrote one to the console, or broke the
// content security policy, unless Allow was told so. Of a failed test a trace
// and a screenshot are kept in e2e/artifacts.
func NewPage(t testing.TB, o Options) *Page {
	t.Helper()
	browser := sharedBrowser(t)
	profile, err := browser.NewContext(o.contextOptions())
	if err != nil {
		t.Fatalf("new browser context: %v", err)
	}
	profile.SetDefaultTimeout(patience)
	p := &Page{t: t, Expect: playwright.NewPlaywrightAssertions(patience), watch: watchContext(profile)}
	t.Cleanup(func() { p.finish(profile) })
	p.Must(profile.AddInitScript(playwright.Script{Content: playwright.String(reportViolations)}))
	p.Must(startTrace(profile))
	p.Page, err = profile.NewPage()
	p.Must(err)
	return p
}

// contextOptions returns the options in the client's own form.
func (o Options) contextOptions() playwright.BrowserNewContextOptions {
	options := playwright.BrowserNewContextOptions{
		Viewport:          &playwright.Size{Width: cmp.Or(o.Width, 1280), Height: cmp.Or(o.Height, 800)},
		ColorScheme:       playwright.ColorSchemeLight,
		ReducedMotion:     playwright.ReducedMotionReduce,
		JavaScriptEnabled: playwright.Bool(!o.NoScript),
		HasTouch:          playwright.Bool(o.Touch),
		Locale:            playwright.String("en-GB"),
		TimezoneId:        playwright.String("UTC"),
	}
	if o.BaseURL != "" {
		options.BaseURL = playwright.String(o.BaseURL)
	}
	if o.Dark {
		options.ColorScheme = playwright.ColorSchemeDark
	}
	if o.Motion {
		options.ReducedMotion = playwright.ReducedMotionNoPreference
	}
	if o.ForcedColors {
		options.ForcedColors = playwright.ForcedColorsActive
	}
	return options
}

// Must ends the test when a step failed.
func (p *Page) Must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("browser: %v", err)
	}
}

// Open goes to a path of the base address and returns the status that it
// answered with.
func (p *Page) Open(path string) int {
	p.t.Helper()
	response, err := p.Goto(path)
	p.Must(err)
	return response.Status()
}

// Allow lets console lines pass that contain text, as "status of 422" for an
// answer that the test provokes.
func (p *Page) Allow(text string) { p.watch.allow(text) }

// finish judges what the page did and keeps the evidence of a failure.
func (p *Page) finish(profile playwright.BrowserContext) {
	for _, problem := range p.watch.problems() {
		p.t.Error(problem)
	}
	if p.t.Failed() {
		p.keepArtifacts(profile)
	}
	if err := profile.Close(); err != nil {
		p.t.Errorf("closing the browser context: %v", err)
	}
}
