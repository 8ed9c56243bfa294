package handlers_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"roster/apiclient/sandbox"
)

// mostGridBytes is what a grid of 50 × 20 cells may weigh on the wire.
const mostGridBytes = 40_000

// inLargeOrganization has 10,000 users and 100 workspaces.
func inLargeOrganization(o *sandbox.Options) { o.Users, o.Workspaces, o.Groups = 10_000, 100, 60 }

// largeGrid is signed in where the grid has 50 × 20 cells, all columns known.
func largeGrid(t testing.TB) *app {
	t.Helper()
	a := signedIn(t, inLargeOrganization)
	a.get(a.assignments("")).want(http.StatusOK)
	if n := len(a.get(a.assignments("")).boxes()); n != 1000 {
		t.Fatalf("%d boxes", n)
	}
	return a
}

// BenchmarkAssignmentsPage serves 50 × 20 cells of an organization of 10,000 × 100
// from a warm cache through the real router, compressed.
func BenchmarkAssignmentsPage(b *testing.B) {
	a := largeGrid(b)
	a.serve(b, a.warm(a.assignments("")))
}

// BenchmarkAssignmentsPageStaged is the same with 40 changes staged.
func BenchmarkAssignmentsPageStaged(b *testing.B) {
	a := largeGrid(b)
	a.stageSome(40)
	a.serve(b, a.warm(a.assignments("")))
}

// BenchmarkStageCell stages a cell and takes it back, with 40 others staged.
func BenchmarkStageCell(b *testing.B) { benchmarkStageCell(b, 40) }

// BenchmarkStageCellOfMany is the same with a whole page staged, 900 cells.
func BenchmarkStageCellOfMany(b *testing.B) { benchmarkStageCell(b, 900) }

// stageSome stages so many additions of the page.
func (a *app) stageSome(n int) (another string) {
	a.t.Helper()
	var cells []string
	for name, box := range a.get(a.assignments("")).boxes() {
		if !box.Checked && !box.Disabled {
			cells = append(cells, name)
		}
	}
	n = min(n, len(cells)-1)
	a.stage("", "add", cells[:n]...).want(http.StatusOK)
	return cells[n]
}

func benchmarkStageCell(b *testing.B, others int) {
	b.Helper()
	a := largeGrid(b)
	cell := a.stageSome(others)
	request := func() *http.Request {
		r := asHTMX(a.warm(a.assignments("")), a.server.URL+a.assignments("")).Clone(b.Context())
		r.Method, r.URL.Path, r.RequestURI = http.MethodPost, a.steps(""), a.steps("")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		return r
	}
	add, remove := request(), request()
	asked := len(a.upstream.Requests())
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r, form := add, url.Values{"add": {cell}}
		if i%2 == 1 {
			r, form = remove, url.Values{"remove": {cell}}
		}
		r.Form, r.PostForm = nil, nil
		r.Body = io.NopCloser(strings.NewReader(form.Encode()))
		w := &sink{header: http.Header{}}
		a.handlers.ServeHTTP(w, r)
		if w.status != http.StatusOK {
			b.Fatalf("status %d", w.status)
		}
		a.log.reset()
	}
	if len(a.upstream.Requests()) != asked {
		b.Fatal("Toggl was asked")
	}
}

// TestAssignmentsPageIsLight holds the grid to its weight.
func TestAssignmentsPageIsLight(t *testing.T) {
	a := largeGrid(t)
	a.stageSome(40)
	w := httptest.NewRecorder()
	a.handlers.ServeHTTP(w, a.warm(a.assignments("")))
	if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() > mostGridBytes {
		t.Errorf("%d bytes, %q; at most %d gzipped", w.Body.Len(), w.Header().Get("Content-Encoding"), mostGridBytes)
	}
	body, err := gzip.NewReader(bytes.NewReader(w.Body.Bytes()))
	must(t, err)
	whole, err := io.ReadAll(body)
	must(t, err)
	t.Logf("%d bytes, %d gzipped", len(whole), w.Body.Len())
}
