package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const font = "fonts/inter-latin-wght-normal.woff2"

func get(t *testing.T, method, target string, header http.Header) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, res *http.Response) []byte {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestURLCarriesAHashOfTheContent(t *testing.T) {
	before, err := load(fstest.MapFS{"a.js": {Data: []byte("one")}, "b.css": {Data: []byte(`url("c.svg")`)}, "c.svg": {Data: []byte("x")}})
	if err != nil {
		t.Fatal(err)
	}
	after, err := load(fstest.MapFS{"a.js": {Data: []byte("two")}, "b.css": {Data: []byte(`url("c.svg")`)}, "c.svg": {Data: []byte("y")}})
	if err != nil {
		t.Fatal(err)
	}
	for name := range before {
		if before[name].url == after[name].url {
			t.Errorf("%s has the address %s before and after a change", name, after[name].url)
		}
	}
	if !regexp.MustCompile(`^/static/app\.css\?v=[0-9a-f]{16}$`).MatchString(URL("app.css")) {
		t.Errorf("URL = %s", URL("app.css"))
	}
}

func TestURLPanicsOnAnUnknownName(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic for a file that is not there")
		}
	}()
	URL("app.scss")
}

func TestLoadRefusesWhatItCannotServe(t *testing.T) {
	for name, fsys := range map[string]fstest.MapFS{
		"an unknown kind of file":  {"a.exe": {Data: []byte("x")}},
		"a reference into nothing": {"a.css": {Data: []byte(`src:url("fonts/gone.woff2")`)}},
	} {
		if _, err := load(fsys); err == nil {
			t.Errorf("%s was loaded", name)
		}
	}
}

func TestStyleSheetRefersToTheFontsByTheirURL(t *testing.T) {
	sheet := string(body(t, get(t, http.MethodGet, URL("app.css"), nil)))
	if !strings.Contains(sheet, `url("`+URL(font)+`")`) {
		t.Error("the preloaded font and the one in the style sheet have different addresses")
	}
	for _, reference := range regexp.MustCompile(`url\("([^"]*)"\)`).FindAllStringSubmatch(sheet, -1) {
		if res := get(t, http.MethodGet, reference[1], nil); res.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", reference[1], res.Status)
		}
	}
}

func TestEveryFileIsServedWithItsType(t *testing.T) {
	for name, want := range map[string]string{
		"app.css":             "text/css; charset=utf-8",
		"htmx-4.0.1.min.js":   "text/javascript; charset=utf-8",
		"icons.svg":           "image/svg+xml",
		font:                  "font/woff2",
		"licenses/lucide.txt": "text/plain; charset=utf-8",
		"licenses/inter.txt":  "text/plain; charset=utf-8",
		"licenses/htmx.txt":   "text/plain; charset=utf-8",
		"favicon.svg":         "image/svg+xml",
	} {
		res := get(t, http.MethodGet, URL(name), nil)
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", name, res.Status)
		}
		if got := res.Header.Get("Content-Type"); got != want {
			t.Errorf("%s has the type %q, want %q", name, got, want)
		}
		if got := res.Header.Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("%s: X-Content-Type-Options %q", name, got)
		}
		if got := res.Header.Get("Cache-Control"); got != cacheForever {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
		if got, want := body(t, res), assets[name].body; !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, want %d", name, len(got), len(want))
		}
	}
}

func TestOnlyTheCurrentHashIsKeptForAYear(t *testing.T) {
	for _, target := range []string{"/static/app.css", "/static/app.css?v=", "/static/app.css?v=0123456789abcdef"} {
		if got := get(t, http.MethodGet, target, nil).Header.Get("Cache-Control"); got != cacheBriefly {
			t.Errorf("%s: Cache-Control %q, want %q", target, got, cacheBriefly)
		}
	}
}

func TestGzip(t *testing.T) {
	for accept, want := range map[string]string{
		"gzip":                   "gzip",
		"br, GZIP;q=0.5":         "gzip",
		"*":                      "gzip",
		"":                       "",
		"br":                     "",
		"gzip;q=0, *":            "",
		"gzip; q=0.000":          "",
		"*;q=0":                  "",
		"identity, gzip;q=bogus": "gzip",
	} {
		res := get(t, http.MethodGet, URL("app.css"), http.Header{"Accept-Encoding": {accept}})
		if got := res.Header.Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: Content-Encoding %q, want %q", accept, got, want)
		}
		if got := res.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: Vary %q", accept, got)
		}
		sent := body(t, res)
		if got := res.Header.Get("Content-Length"); got != strconv.Itoa(len(sent)) {
			t.Errorf("Accept-Encoding %q: Content-Length %s for %d bytes", accept, got, len(sent))
		}
		if want == "gzip" {
			sent = gunzip(t, sent)
		}
		if !bytes.Equal(sent, assets["app.css"].body) {
			t.Errorf("Accept-Encoding %q: another body", accept)
		}
	}
	res := get(t, http.MethodGet, URL(font), http.Header{"Accept-Encoding": {"gzip"}})
	if got := res.Header.Get("Content-Encoding"); got != "" {
		t.Errorf("a font, which is compressed already, has Content-Encoding %q", got)
	}
}

func gunzip(t *testing.T, zipped []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestETagTellsTheEncodingsApart(t *testing.T) {
	plain := get(t, http.MethodGet, URL("app.css"), nil).Header.Get("ETag")
	zipped := get(t, http.MethodGet, URL("app.css"), http.Header{"Accept-Encoding": {"gzip"}}).Header.Get("ETag")
	if plain == "" || plain == zipped {
		t.Fatalf("ETag %s and, compressed, %s", plain, zipped)
	}
	header := http.Header{"Accept-Encoding": {"gzip"}, "If-None-Match": {zipped}}
	if res := get(t, http.MethodGet, URL("app.css"), header); res.StatusCode != http.StatusNotModified {
		t.Errorf("asked again with the same ETag: %s", res.Status)
	}
	header.Set("If-None-Match", plain)
	if res := get(t, http.MethodGet, URL("app.css"), header); res.StatusCode != http.StatusOK {
		t.Errorf("asked with the ETag of the other encoding: %s", res.Status)
	}
}

func TestHeadHasNoBody(t *testing.T) {
	res := get(t, http.MethodHead, URL("app.css"), nil)
	if n := len(body(t, res)); n != 0 || res.StatusCode != http.StatusOK {
		t.Errorf("%s with %d bytes", res.Status, n)
	}
	if got := res.Header.Get("Content-Length"); got != strconv.Itoa(len(assets["app.css"].body)) {
		t.Errorf("Content-Length %s", got)
	}
}

func TestRange(t *testing.T) {
	res := get(t, http.MethodGet, URL("app.css"), http.Header{"Range": {"bytes=0-9"}, "Accept-Encoding": {"gzip"}})
	if got := body(t, res); res.StatusCode != http.StatusPartialContent || !bytes.Equal(got, assets["app.css"].body[:10]) {
		t.Errorf("%s, %q", res.Status, got)
	}
}

func TestEverythingElseIsNotFound(t *testing.T) {
	for _, target := range []string{
		"/static/", "/static", "/static/fonts/", "/static/fonts", "/static/gone.css", "/static/embed.go",
		"/static/icons.txt", "/static/../static/app.css", "/static//app.css", "/app.css", "/static/vendorassets/main.go",
	} {
		res := get(t, http.MethodGet, target, nil)
		if res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", target, res.Status)
		}
		if got := res.Header.Get("Cache-Control"); strings.Contains(got, "max-age") {
			t.Errorf("%s: a 404 that is kept: %q", target, got)
		}
	}
}

func TestOnlyReadingIsAllowed(t *testing.T) {
	res := get(t, http.MethodPost, URL("app.css"), nil)
	if res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %s, Allow %q", res.Status, res.Header.Get("Allow"))
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := load(embedded); err != nil {
			b.Fatal(err)
		}
	}
}
