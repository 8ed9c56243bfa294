package browsertest

import (
	"fmt"
	"path/filepath"
	"regexp"
	"sync/atomic"

	"github.com/playwright-community/playwright-go"
)

var (
	unsafeInNames = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
	kept          atomic.Int32 // tells apart the pages of one test
)

func startTrace(profile playwright.BrowserContext) error {
	return profile.Tracing().Start(playwright.TracingStartOptions{Snapshots: playwright.Bool(true)})
}

// keepArtifacts writes e2e/artifacts/<test>-<n>.zip (a trace: npx playwright
// show-trace) and a screenshot beside it.
func (p *Page) keepArtifacts(profile playwright.BrowserContext) {
	test := unsafeInNames.ReplaceAllString(p.t.Name(), "_")
	name := filepath.Join(Dir(), "artifacts", fmt.Sprintf("%s-%d", test, kept.Add(1)))
	if p.Page != nil {
		if _, err := p.Screenshot(playwright.PageScreenshotOptions{Path: playwright.String(name + ".png"), FullPage: playwright.Bool(true)}); err != nil {
			p.t.Logf("no screenshot: %v", err)
		}
	}
	if err := profile.Tracing().Stop(name + ".zip"); err != nil {
		p.t.Logf("no trace: %v", err)
		return
	}
	p.t.Logf("kept: %s.zip", name)
}
