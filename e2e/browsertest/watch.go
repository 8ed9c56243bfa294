package browsertest

import (
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/playwright-community/playwright-go"
)

// reportViolations makes a console error of each breach of the content security
// policy, whatever words the browser has for it. Init scripts are not subject to
// the policy.
const reportViolations = `document.addEventListener('securitypolicyviolation', e =>
	console.error('content security policy: ' + e.effectiveDirective + ' refused ' + e.blockedURI + ' ' + e.sample))`

// A watch collects what goes wrong in a browser context. Its events come from
// the driver's goroutine.
type watch struct {
	mu      sync.Mutex
	seen    []string
	allowed []string
}

func watchContext(profile playwright.BrowserContext) *watch {
	w := &watch{}
	profile.OnWebError(func(e playwright.WebError) {
		w.note("page error: " + e.Error().Error())
	})
	profile.OnConsole(func(m playwright.ConsoleMessage) {
		if m.Type() == "error" {
			w.note("console error: " + m.Text())
		}
	})
	profile.OnRequest(func(r playwright.Request) {
		if target, err := url.Parse(r.URL()); err == nil && target.Path == "/csp-report" {
			w.note("a report of the content security policy was sent")
		}
	})
	return w
}

func (w *watch) note(problem string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, problem)
}

func (w *watch) allow(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.allowed = append(w.allowed, text)
}

// problems returns what was seen and not allowed.
func (w *watch) problems() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.seen), func(problem string) bool {
		return slices.ContainsFunc(w.allowed, func(text string) bool { return strings.Contains(problem, text) })
	})
}
