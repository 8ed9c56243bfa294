package browsertest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/static"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// policy is the one of the house, without its exceptions: there are none.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri /csp-report"

// serve answers each path with its text, under the policy.
func serve(t *testing.T, pages map[string]string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("GET "+static.Prefix, static.Handler())
	for path, text := range pages {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Security-Policy", policy)
			if strings.HasSuffix(path, ".js") {
				w.Header().Set("Content-Type", "text/javascript")
			}
			_, _ = w.Write([]byte(text))
		})
	}
	mux.HandleFunc("POST /csp-report", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func page(head, body string) string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Smoke</title>` +
		`<link rel="icon" href="` + static.URL("favicon.svg") + `"><link rel="stylesheet" href="` + static.URL("app.css") + `">` + head +
		`</head><body><main>` + body + `</main></body></html>`
}

func TestPageIsShownWithItsStyleAndFont(t *testing.T) {
	base := serve(t, map[string]string{"/": page("", `<h1>Users</h1><svg class="i" aria-hidden="true"><use href="`+static.URL("icons.svg")+`#users"/></svg>`)})
	for name, o := range map[string]Options{
		"light": {}, "dark": {Dark: true}, "phone": {Width: Phone, Touch: true}, "forced colours": {ForcedColors: true},
	} {
		t.Run(name, func(t *testing.T) {
			o.BaseURL = base
			p := NewPage(t, o)
			if status := p.Open("/"); status != http.StatusOK {
				t.Errorf("status %d", status)
			}
			p.Must(p.Expect.Locator(p.GetByRole("heading", playwright.PageGetByRoleOptions{Name: "Users"})).ToBeVisible())
			p.Accessible()
			facts, err := p.Evaluate(`async () => { await document.fonts.ready; return {
				dark: matchMedia('(prefers-color-scheme: dark)').matches, width: innerWidth,
				still: matchMedia('(prefers-reduced-motion: reduce)').matches, forced: matchMedia('(forced-colors: active)').matches,
				font: [...document.fonts].some(f => f.status === 'loaded'), icon: document.querySelector('svg').getBoundingClientRect().width > 0 } }`)
			p.Must(err)
			got, _ := json.Marshal(facts)
			want, _ := json.Marshal(map[string]any{
				"dark": o.Dark, "width": max(o.Width, 1280*boolInt(o.Width == 0)), "still": true, "forced": o.ForcedColors, "font": true, "icon": true,
			})
			if string(got) != string(want) {
				t.Errorf("the page sees %s, want %s", got, want)
			}
		})
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestFaultsOfAPageAreNoticed(t *testing.T) {
	base := serve(t, map[string]string{
		"/inline": page("", `<h1>x</h1><script>document.title = 'ran'</script>`),
		"/style":  page("", `<h1 style="color:red">x</h1>`),
		"/throws": page(`<script src="/throw.js" defer></script>`, `<h1>x</h1>`), "/throw.js": `throw new Error("thrown here")`,
		"/logs": page(`<script src="/log.js" defer></script>`, `<h1>x</h1>`), "/log.js": `console.error("logged here")`,
		"/broken": page(`<script src="/broken.js" defer></script>`, `<h1>x</h1>`), "/broken.js": `let = = 1`,
		"/gone":   page(`<script src="/gone.js" defer></script>`, `<h1>x</h1>`),
		"/remote": page("", `<h1>x</h1><img alt="" src="http://avatars.invalid/1.png">`),
	})
	const report = "a report of the content security policy was sent"
	for path, wanted := range map[string][]string{
		"/inline": {"script-src-elem refused inline", report},
		"/style":  {"style-src-attr refused inline", report},
		"/remote": {"img-src refused http://avatars.invalid/1.png", report},
		"/throws": {"thrown here"},
		"/logs":   {"logged here"},
		"/broken": {"page error: "},
		"/gone":   {"status of 404"},
	} {
		t.Run(strings.Trim(path, "/"), func(t *testing.T) {
			p := NewPage(t, Options{BaseURL: base})
			p.Open(path)
			_, err := p.Evaluate("() => new Promise(done => setTimeout(done, 50))")
			p.Must(err)
			for _, want := range wanted {
				if seen := p.watch.problems(); !slices.ContainsFunc(seen, func(problem string) bool { return strings.Contains(problem, want) }) {
					t.Errorf("seen %q, want one with %q", seen, want)
				}
			}
			p.Allow("") // seen: this test may pass
		})
	}
}

func TestAllowLetsOnlyTheNamedPass(t *testing.T) {
	w := &watch{seen: []string{"console error: status of 422", "page error: x"}}
	w.allow("status of 422")
	if got := w.problems(); !slices.Equal(got, []string{"page error: x"}) {
		t.Errorf("problems %q", got)
	}
}

func TestScriptsOff(t *testing.T) {
	base := serve(t, map[string]string{"/": page(`<script src="/s.js" defer></script>`, `<h1>before</h1><noscript><button>Apply filters</button></noscript>`), "/s.js": `document.querySelector('h1').textContent = 'after'`})
	p := NewPage(t, Options{BaseURL: base, NoScript: true})
	p.Open("/")
	p.Must(p.Expect.Locator(p.Locator("h1")).ToHaveText("before"))
	p.Must(p.Expect.Locator(p.GetByRole("button")).ToBeVisible())
}

func TestAxeFindsWhatIsBroken(t *testing.T) {
	base := serve(t, map[string]string{"/": page("", `<h1>x</h1><input name="filter">`)})
	p := NewPage(t, Options{BaseURL: base})
	p.Open("/")
	found := p.Violations()
	if len(found) != 1 || found[0].ID != "label" || !strings.Contains(found[0].String(), `name="filter"`) {
		t.Errorf("found %v, want the missing label alone", found)
	}
}

// TestVersions keeps the three places in step that name a version of the driver.
func TestVersions(t *testing.T) {
	driver, err := playwright.NewDriver(&playwright.RunOptions{DriverDirectory: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if driver.Version != DriverVersion {
		t.Errorf("the client wants driver %s, DriverVersion is %s", driver.Version, DriverVersion)
	}
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join(Dir(), name))
		if err != nil {
			t.Fatal(err)
		}
		if want := `"npm:playwright-core@` + DriverVersion + `"`; !strings.Contains(string(text), want) {
			t.Errorf("%s does not name %s", name, want)
		}
		if strings.Contains(string(text), "://") {
			t.Errorf("%s names the address of a registry", name)
		}
	}
}
