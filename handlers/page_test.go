package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"roster/auth"
)

// A page is an answer, read as HTML.
type page struct {
	*goquery.Document
	t      testing.TB
	name   string // method and address
	asked  *http.Request
	status int
	header http.Header
	body   string
}

func newPage(t testing.TB, asked *http.Request, res *http.Response, body string) page {
	t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	must(t, err)
	return page{
		Document: document, t: t, name: asked.Method + " " + asked.URL.RequestURI(), asked: asked,
		status: res.StatusCode, header: res.Header, body: body,
	}
}

// text is what stands in the elements, with single spaces.
func (p page) text(selector string) string { return textOf(p.Find(selector)) }

// texts is the text of each element.
func (p page) texts(selector string) []string {
	return p.Find(selector).Map(func(_ int, s *selection) string { return textOf(s) })
}

type selection = goquery.Selection

// textOf reads elements as separate words, as they stand on the screen.
func textOf(s *selection) string {
	var words strings.Builder
	var read func(*selection)
	read = func(s *selection) {
		s.Contents().Each(func(_ int, node *selection) {
			if goquery.NodeName(node) == "#text" {
				words.WriteString(node.Text() + " ")
			}
			read(node)
		})
	}
	read(s)
	return oneLine(words.String())
}

// attr is an attribute of the first element, "" where there is none.
func (p page) attr(selector, name string) string { return p.Find(selector).First().AttrOr(name, "") }

func (p page) isHTML() bool {
	return strings.HasPrefix(p.header.Get("Content-Type"), "text/html") && p.body != ""
}

func (p page) isPage() bool { return strings.Contains(p.body, "<html") }

// want fails the test unless the answer has this status.
func (p page) want(status int) page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s: status %d, want %d: %s", p.name, p.status, status, oneLine(p.Find("h1, .note, .err").Text()))
	}
	return p
}

// leadsTo fails the test unless the answer is a redirect to address.
func (p page) leadsTo(address string) {
	p.t.Helper()
	if p.want(http.StatusSeeOther); p.header.Get("Location") != address {
		p.t.Fatalf("%s leads to %q, want %q", p.name, p.header.Get("Location"), address)
	}
}

// has fails the test unless the element's text contains each of the words.
func (p page) has(selector string, words ...string) {
	p.t.Helper()
	got := p.text(selector)
	for _, word := range words {
		if !strings.Contains(got, word) {
			p.t.Errorf("%s: %s is %.500q, without %q", p.name, selector, got, word)
		}
	}
}

// checkRules holds an answer against what is true of all of them.
func (p page) checkRules() {
	p.t.Helper()
	if got := p.header.Get("Content-Security-Policy"); got != auth.ContentSecurityPolicy {
		p.t.Errorf("%s: content security policy %q", p.name, got)
	}
	if id := p.header.Get("X-Request-Id"); id == "" {
		p.t.Errorf("%s: no request id", p.name)
	}
	noSecrets(p.t, p.name, p.body)
	for name, values := range p.header {
		noSecrets(p.t, p.name+", "+name, strings.Join(values, " "))
	}
	if !p.isHTML() {
		return
	}
	if got := p.header.Get("Cache-Control"); got != "no-store" {
		p.t.Errorf("%s: Cache-Control %q", p.name, got)
	}
	if !strings.Contains(strings.Join(p.header.Values("Vary"), ","), "HX-Request") {
		p.t.Errorf("%s: Vary %q", p.name, p.header.Values("Vary"))
	}
	p.checkPolicy()
	p.checkIDs()
	p.checkLabels()
}

// checkPolicy finds what the content security policy would stop.
func (p page) checkPolicy() {
	p.t.Helper()
	p.Find("*").Each(func(_ int, s *selection) {
		for _, attribute := range s.Get(0).Attr {
			inline := attribute.Key == "style" || strings.HasPrefix(attribute.Key, "on") || strings.HasPrefix(attribute.Key, "hx-on")
			link := slices.Contains([]string{"href", "src", "action", "formaction", "hx-get", "hx-post"}, attribute.Key)
			if inline || link && strings.HasPrefix(strings.TrimSpace(strings.ToLower(attribute.Val)), "javascript:") {
				p.t.Errorf("%s: <%s %s=%q>", p.name, goquery.NodeName(s), attribute.Key, attribute.Val)
			}
		}
	})
	p.Find("style, script:not([src]), iframe, object, base").Each(func(_ int, s *selection) {
		p.t.Errorf("%s: a <%s>", p.name, goquery.NodeName(s))
	})
}

// checkIDs finds ids that stand twice, and references to ids that are nowhere.
func (p page) checkIDs() {
	p.t.Helper()
	ids := p.Find("[id]").Map(func(_ int, s *selection) string { return s.AttrOr("id", "") })
	slices.Sort(ids)
	for i, id := range ids {
		if i > 0 && ids[i-1] == id {
			p.t.Errorf("%s: the id %q stands twice", p.name, id)
		}
	}
	if !p.isPage() {
		return
	}
	for _, name := range []string{"aria-describedby", "aria-labelledby", "for", "popovertarget", "data-narrows"} {
		p.Find("[" + name + "]").Each(func(_ int, s *selection) {
			for id := range strings.FieldsSeq(s.AttrOr(name, "")) {
				if !slices.Contains(ids, id) {
					p.t.Errorf("%s: %s names %q, which is nowhere", p.name, name, id)
				}
			}
		})
	}
}

// checkLabels finds fields and buttons without a name.
func (p page) checkLabels() {
	p.t.Helper()
	p.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *selection) {
		label := oneLine(s.Closest("label").Text()) + s.AttrOr("aria-label", "")
		if id := s.AttrOr("id", ""); id != "" {
			label += oneLine(p.Find(`label[for="` + id + `"]`).Text())
		}
		if label == "" {
			p.t.Errorf("%s: a field %q without a label", p.name, s.AttrOr("name", ""))
		}
	})
	p.Find("button, a, summary").Each(func(_ int, s *selection) {
		if oneLine(s.Text())+s.AttrOr("aria-label", "") == "" {
			html, _ := goquery.OuterHtml(s) // of a parsed document
			p.t.Errorf("%s: without a name: %s", p.name, html)
		}
	})
}

// canaries are parts of every secret that the sandbox takes or gives.
var canaries = []string{"facade00", "decade00", "not-a-secret-", "toggl_sk_", "ical/"}

func noSecrets(t testing.TB, where, text string) {
	t.Helper()
	for _, canary := range canaries {
		if strings.Contains(text, canary) {
			t.Errorf("%s holds a secret (%s…)", where, canary)
		}
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func number(n int64) string { return strconv.FormatInt(n, 10) }

func escape(text string) string { return url.QueryEscape(text) }

func jsonString(text string) string {
	encoded, err := json.Marshal(text)
	if err != nil {
		panic(err) // no text does
	}
	return string(encoded)
}

func compareFold(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }
