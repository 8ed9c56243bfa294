package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/playwright-community/playwright-go"

	"roster/static"
)

// asked is what a request of htmx says of itself.
type asked struct{ Path, Request, Type, Restore string }

// list is a page whose table htmx filters while one types.
const list = `<form action="/users" method="get" hx-get="/users" hx-target="#users" hx-swap="outerHTML" hx-push-url="true"
	hx-sync="this:replace" hx-trigger="input changed delay:50ms target:[name=filter], submit">
	<label>Filter <input name="filter" value="%[1]s"></label></form>
	<table id="users"><tbody><tr><td>rows for %[1]q</td></tr></tbody></table>`

// TestHtmxUnderThePolicy holds the facts of htmx 4 that the handlers build on.
func TestHtmxUnderThePolicy(t *testing.T) {
	var mu sync.Mutex
	var log []asked
	mux := http.NewServeMux()
	mux.Handle("GET "+static.Prefix, static.Handler())
	mux.HandleFunc("GET /users", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		log = append(log, asked{r.URL.RequestURI(), r.Header.Get("Hx-Request"), r.Header.Get("Hx-Request-Type"), r.Header.Get("Hx-History-Restore-Request")})
		mu.Unlock()
		w.Header().Set("Content-Security-Policy", policy)
		filter := r.URL.Query().Get("filter")
		switch {
		case r.Header.Get("Hx-Request-Type") == "partial" && filter == "refused":
			w.Header().Set("Hx-Retarget", "#users td")
			w.Header().Set("Hx-Reswap", "innerHTML")
			w.WriteHeader(http.StatusUnprocessableEntity)
			fmt.Fprint(w, "refused in words")
		case r.Header.Get("Hx-Request-Type") == "partial":
			fmt.Fprintf(w, `<title>Users: %[1]s</title><table id="users"><tbody><tr><td>rows for %[1]q</td></tr></tbody></table>`, filter)
		default:
			fmt.Fprint(w, page(`<meta name="htmx-config" content='{"includeIndicatorCSS":false,"defaultSettleDelay":0}'>`+
				`<script src="`+static.URL("htmx-4.0.1.min.js")+`" defer></script>`, fmt.Sprintf(list, filter)))
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	p := NewPage(t, Options{BaseURL: server.URL})
	p.Allow("status of 422")
	p.Open("/users")
	box, cell := p.GetByLabel("Filter"), p.Locator("#users td")

	p.Must(box.PressSequentially("han"))
	p.Must(p.Expect.Locator(cell).ToHaveText(`rows for "han"`))
	p.Must(p.Expect.Locator(box).ToBeFocused())
	p.Must(p.Expect.Page(p).ToHaveURL(server.URL + "/users?filter=han"))
	p.Must(p.Expect.Page(p).ToHaveTitle("Users: han"))

	p.Must(box.Fill("refused"))
	p.Must(p.Expect.Locator(cell).ToHaveText("refused in words"))

	_, err := p.GoBack()
	p.Must(err)
	p.Must(p.Expect.Locator(cell).ToHaveText(`rows for "han"`))
	p.Must(p.Expect.Locator(p.Locator("main")).ToHaveCount(1, playwright.LocatorAssertionsToHaveCountOptions{}))

	mu.Lock()
	defer mu.Unlock()
	want := []asked{
		{"/users", "", "", ""},
		{"/users?filter=han", "true", "partial", ""},
		{"/users?filter=refused", "true", "partial", ""},
		{"/users?filter=han", "", "full", "true"},
	}
	if fmt.Sprint(log) != fmt.Sprint(want) {
		t.Errorf("asked\n%v, want\n%v", log, want)
	}
}
