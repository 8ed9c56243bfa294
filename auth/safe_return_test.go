package auth

import (
	"net/url"
	"strings"
	"testing"
)

func TestSafeReturnKeeps(t *testing.T) {
	for in, want := range map[string]string{
		"/":              "/",
		"/orgs":          "/orgs",
		"/orgs/7/users/": "/orgs/7/users/",
		"/orgs/7/users?filter=ana&page=2&sort_dir=asc": "/orgs/7/users?filter=ana&page=2&sort_dir=asc",
		"/orgs/7/users?filter=%C3%B6&active_status=":   "/orgs/7/users?filter=%C3%B6&active_status=",
		"/orgs/7/users#users":                          "/orgs/7/users",
		"/orgs/7?next=//evil.example":                  "/orgs/7?next=//evil.example",
		"/orgs/7?next=https://evil.example/..":         "/orgs/7?next=https://evil.example/..",
		"/groups/%C3%A9quipe":                          "/groups/%C3%A9quipe",
		"/a.b/..c/d..":                                 "/a.b/..c/d..",
		"/evil.example":                                "/evil.example",
		"/@evil.example":                               "/@evil.example",
		"/sign-in-help":                                "/sign-in-help",
		"/orgs?":                                       "/orgs",
	} {
		if got := SafeReturn(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

var hostileReturns = []string{
	"", " ", "orgs", "orgs/7", ".", "..", "?a", "#a",
	"//evil.example", "///evil.example", "////evil.example", "//evil.example/%2f..",
	"/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "/orgs\\..\\..",
	"https://evil.example", "https:evil.example", "https:/evil.example", "http:///evil.example", "HTTPS://roster.example/",
	"javascript:alert(1)", "data:text/html,x", "mailto:a@evil.example", "/javascript:alert(1)\n",
	"/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", " //evil.example", "/ /evil.example",
	"/%09/evil.example", "/%0a/evil.example", "/%0d%0aLocation:%20//evil.example", "/%00/evil.example", "/a%7f",
	"/%2fevil.example", "/%2Fevil.example", "/%5cevil.example", "/%5Cevil.example", "/%2f%2fevil.example", "/.%2f/evil.example",
	"/orgs//evil.example", "/./evil.example", "/../evil.example", "/orgs/..//evil.example", "/..//evil.example",
	"/%2e%2e/evil.example", "/orgs/%2e%2e/%2e%2e//evil.example", "/.%2e/", "/%2e/",
	"/\u2028evil.example", "/\u3002evil.example", "/orgs\u00a0", "/\xff\xfe", "/\x00", "/\x7f", "/ö",
	"/%", "/%zz", "/%2", "/orgs?q=a b", "/orgs?q=\r\nSet-Cookie:a=b", "/orgs#\n",
	"/sign-in", "/sign-in?return=/", "/sign-out", "/sign-out/", "/%73ign-out",
	"/" + strings.Repeat("a", maxReturn),
}

func TestSafeReturnRefuses(t *testing.T) {
	for _, in := range hostileReturns {
		if got := SafeReturn(in); got != "/" {
			t.Errorf("%q became %q, want %q", in, got, "/")
		}
	}
}

func FuzzSafeReturn(f *testing.F) {
	for _, in := range hostileReturns {
		f.Add(in)
	}
	f.Add("/orgs/7/users?filter=ana#users")
	base := &url.URL{Scheme: "https", Host: "roster.example", Path: "/sign-in"}
	f.Fuzz(func(t *testing.T, in string) {
		got := SafeReturn(in)
		if got == "" || got[0] != '/' || strings.HasPrefix(got, "//") || strings.HasPrefix(got, `/\`) {
			t.Fatalf("%q became %q: not a path", in, got)
		}
		if strings.ContainsFunc(got, func(c rune) bool { return c <= ' ' || c >= 0x7f }) {
			t.Fatalf("%q became %q: not printable ASCII", in, got)
		}
		target, err := base.Parse(got)
		if err != nil || target.Scheme != base.Scheme || target.Host != base.Host || target.User != nil {
			t.Fatalf("%q became %q, which leads to %v (%v)", in, got, target, err)
		}
		if path, query, _ := strings.Cut(got, "?"); target.EscapedPath() != path || target.RawQuery != query {
			t.Fatalf("%q became %q, which resolves to %v", in, got, target)
		}
		if again := SafeReturn(got); again != got {
			t.Fatalf("%q became %q, and that %q", in, got, again)
		}
	})
}
