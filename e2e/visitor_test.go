package e2e

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// A visitor is a browser without a screen: it keeps cookies, follows redirects and
// sends forms as a browser does, where a test needs many of them or only the answer.
type visitor struct {
	t      testing.TB
	base   string
	client *http.Client
	// header goes with every request.
	header http.Header
}

func newVisitor(t testing.TB, base string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, base: base, header: http.Header{}, client: &http.Client{Jar: jar, Timeout: 60 * time.Second}}
}

// An answer is a page as a visitor got it.
type answer struct {
	*goquery.Document
	status int
	path   string
	body   string
}

func (a answer) text(selector string) string {
	return strings.Join(strings.Fields(a.Find(selector).Text()), " ")
}

func (v *visitor) get(path string) (answer, error) { return v.do(http.MethodGet, path, nil) }

func (v *visitor) do(method, path string, form url.Values) (answer, error) {
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return answer{}, err
	}
	r.Header = v.header.Clone()
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", v.base)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	response, err := v.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	document, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	return answer{Document: document, status: response.StatusCode, path: response.Request.URL.Path, body: string(body)}, err
}

// page is the answer to a request that must succeed.
func (v *visitor) page(method, path string, form url.Values) answer {
	v.t.Helper()
	got, err := v.do(method, path, form)
	if err != nil {
		v.t.Fatalf("%s %s: %v", method, path, err)
	}
	if got.status != http.StatusOK {
		v.t.Fatalf("%s %s: status %d: %.300s", method, path, got.status, got.text("main"))
	}
	return got
}

// hidden are a form's hidden fields.
func (a answer) hidden(form string) url.Values {
	values := url.Values{}
	a.Find(form + " input[type=hidden]").Each(func(_ int, s *goquery.Selection) { values.Add(s.AttrOr("name", ""), s.AttrOr("value", "")) })
	return values
}
