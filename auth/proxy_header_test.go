package auth

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	proxyAddr   = "10.1.2.3:40000"
	proxySecret = "secret-of-the-proxy-canary"
)

func trusted(t testing.TB, networks string) TrustedProxies {
	t.Helper()
	p, err := ParseTrustedProxies(networks)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// headerOptions are those of a proxy like oauth2-proxy, which shows a secret.
func headerOptions(t testing.TB) ProxyHeaderOptions {
	return ProxyHeaderOptions{
		Peer:       ProxyPeer{Trusted: trusted(t, "10.1.2.0/24,fd00::/8"), SecretHeader: "X-Proxy-Secret", Secrets: ProxySecrets{"the-older-secret-canary", proxySecret}},
		UserHeader: "X-Forwarded-User", EmailHeader: "X-Forwarded-Email", NameHeader: "X-Forwarded-Preferred-Username",
		GroupsHeader: "X-Forwarded-Groups", GroupsSeparator: ",", SignOutURL: "/oauth2/sign_out",
		Policy: Policy{EditorGroups: []string{"editors"}},
	}
}

func proxyHeader(t testing.TB, change func(*ProxyHeaderOptions)) *ProxyHeader {
	t.Helper()
	o := headerOptions(t)
	if change != nil {
		change(&o)
	}
	p, err := NewProxyHeader(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// forwarded is a request as the proxy forwards it, changed by lines "Name: value",
// each of which is added; a line "-Name" takes the header away.
func forwarded(t testing.TB, lines ...string) *http.Request {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.RemoteAddr = proxyAddr
	r.Header = http.Header{
		"X-Proxy-Secret": {proxySecret}, "X-Forwarded-User": {"u-1"}, "X-Forwarded-Email": {"ana@mail.example"},
		"X-Forwarded-Preferred-Username": {"Ana Ōno"}, "X-Forwarded-Groups": {"editors, staff"},
	}
	change(r, lines...)
	return r
}

func change(r *http.Request, lines ...string) {
	for _, line := range lines {
		if name, taken := strings.CutPrefix(line, "-"); taken {
			delete(r.Header, name)
			continue
		}
		name, value, _ := strings.Cut(line, ": ")
		r.Header[name] = append(r.Header[name], value)
	}
}

func TestProxyHeaderIdentity(t *testing.T) {
	ana := Identity{
		Issuer: "proxy-header", Subject: "u-1", Name: "Ana Ōno", Email: "ana@mail.example",
		Groups: []string{"editors", "staff"}, GroupsKnown: true,
	}
	without := func(change func(*Identity)) Identity {
		i := ana
		change(&i)
		return i
	}
	for name, test := range map[string]struct {
		lines []string
		want  Identity
	}{
		"everything":       {nil, ana},
		"the older secret": {[]string{"-X-Proxy-Secret", "X-Proxy-Secret: the-older-secret-canary"}, ana},
		"blanks around":    {[]string{"-X-Forwarded-User", "X-Forwarded-User:  \tu-1 "}, ana},
		"foreign headers":  {[]string{"X-Auth-Request-User: root", "Remote-User: root", "X-Forwarded-Userx: root", "Authorization: Basic eDp4"}, ana},
		"an encoded name":  {[]string{"-X-Forwarded-Preferred-Username", "X-Forwarded-Preferred-Username: =?utf-8?q?Ana_=C5=8Cno?="}, ana},
		"in two words":     {[]string{"-X-Forwarded-Preferred-Username", "X-Forwarded-Preferred-Username: =?utf-8?q?Ana_?= =?UTF-8?b?xYxubw==?="}, ana},
		"half encoded":     {[]string{"-X-Forwarded-Preferred-Username", "X-Forwarded-Preferred-Username: Ana =?utf-8?q?=C5=8Cno?="}, ana},
		"of another spelling": {
			[]string{"-X-Forwarded-Preferred-Username", "X-Forwarded-Preferred-Username: =?koi8-r?q?Ana?="}, without(func(i *Identity) { i.Name = "=?koi8-r?q?Ana?=" }),
		},
		"no encoding": {
			[]string{"-X-Forwarded-Preferred-Username", "X-Forwarded-Preferred-Username: =?utf-8?q?Ana"}, without(func(i *Identity) { i.Name = "=?utf-8?q?Ana" }),
		},
		"an encoded user is what it is": {
			[]string{"-X-Forwarded-User", "X-Forwarded-User: =?utf-8?q?root?="}, without(func(i *Identity) { i.Subject = "=?utf-8?q?root?=" }),
		},
		"encoded groups are what they are": {
			[]string{"-X-Forwarded-Groups", "X-Forwarded-Groups: =?utf-8?q?editors?="}, without(func(i *Identity) { i.Groups = []string{"=?utf-8?q?editors?="} }),
		},
		"only the user":     {[]string{"-X-Forwarded-Email", "-X-Forwarded-Preferred-Username", "-X-Forwarded-Groups"}, Identity{Issuer: "proxy-header", Subject: "u-1"}},
		"no groups said":    {[]string{"-X-Forwarded-Groups"}, without(func(i *Identity) { i.Groups, i.GroupsKnown = nil, false })},
		"said: in no group": {[]string{"-X-Forwarded-Groups", "X-Forwarded-Groups: "}, without(func(i *Identity) { i.Groups = nil })},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := proxyHeader(t, nil).Identify(forwarded(t, test.lines...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("identity (-want +got):\n%s", diff)
			}
		})
	}
}

// TestProxyHeaderPeers: the peer is compared, in whatever form it comes.
func TestProxyHeaderPeers(t *testing.T) {
	for peer, want := range map[string]error{
		"10.1.2.255:1": nil, "[::ffff:10.1.2.3]:1": nil, "[fd12::1%eth0]:443": nil, "10.1.3.0:1": ErrUntrustedPeer, "[::1]:1": ErrUntrustedPeer, "": ErrUntrustedPeer,
	} {
		r := forwarded(t)
		r.RemoteAddr = peer
		if _, err := proxyHeader(t, nil).Identify(r); !errors.Is(err, want) {
			t.Errorf("peer %q: error %v, want %v", peer, err, want)
		}
	}
}

func TestProxyHeaderGroupForms(t *testing.T) {
	for name, test := range map[string]struct {
		separator, value string
		want             []string
		err              error
	}{
		"a name with the separator, in JSON": {SeparatorJSON, `["x,editors","staff"]`, []string{"x,editors", "staff"}, nil},
		"none, in JSON":                      {SeparatorJSON, `[]`, nil, nil},
		"a text, in JSON":                    {SeparatorJSON, `"editors"`, nil, ErrBadIdentity},
		"no JSON at all":                     {SeparatorJSON, `editors`, nil, ErrBadIdentity},
		"numbers, in JSON":                   {SeparatorJSON, `["editors",1]`, nil, ErrBadIdentity},
		"null, in JSON":                      {SeparatorJSON, `[null]`, nil, ErrBadIdentity},
		"more after the JSON":                {SeparatorJSON, `["staff"] ["editors"]`, nil, ErrBadIdentity},
		"JSON where a list is expected":      {",", `["editors"]`, []string{`["editors"]`}, nil},
		"another separator":                  {"|", `x,editors|staff`, []string{"x,editors", "staff"}, nil},
		"a separator of two":                 {"::", `a:b::c`, []string{"a:b", "c"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := proxyHeader(t, func(o *ProxyHeaderOptions) { o.GroupsSeparator = test.separator })
			got, err := p.Identify(forwarded(t, "-X-Forwarded-Groups", "X-Forwarded-Groups: "+test.value))
			if !errors.Is(err, test.err) || len(got.Groups)+len(test.want) > 0 && !cmp.Equal(got.Groups, test.want) {
				t.Errorf("groups %q, error %v, want %q, %v", got.Groups, err, test.want, test.err)
			}
		})
	}
}

// TestProxyHeaderOptions: each fault is named by its option, and never with a secret.
func TestProxyHeaderOptions(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*ProxyHeaderOptions)
		option string
	}{
		"trusts nobody":                        {func(o *ProxyHeaderOptions) { o.Peer.Trusted = TrustedProxies{} }, "Trusted"},
		"a short secret":                       {func(o *ProxyHeaderOptions) { o.Peer.Secrets = ProxySecrets{"canary"} }, "Secrets"},
		"an unprintable secret":                {func(o *ProxyHeaderOptions) { o.Peer.Secrets = ProxySecrets{proxySecret + "\x00"} }, "Secrets"},
		"a secret without a header":            {func(o *ProxyHeaderOptions) { o.Peer.SecretHeader = "" }, "SecretHeader"},
		"no user":                              {func(o *ProxyHeaderOptions) { o.UserHeader = "" }, "UserHeader"},
		"a header with an underscore":          {func(o *ProxyHeaderOptions) { o.UserHeader = "X_Forwarded_User" }, "UserHeader"},
		"a header that is none":                {func(o *ProxyHeaderOptions) { o.EmailHeader = "X Mail" }, "EmailHeader"},
		"one header for two":                   {func(o *ProxyHeaderOptions) { o.EmailHeader = "x-forwarded-user" }, "EmailHeader"},
		"the secret as the user":               {func(o *ProxyHeaderOptions) { o.UserHeader = "X-Proxy-Secret" }, "UserHeader"},
		"no separator":                         {func(o *ProxyHeaderOptions) { o.GroupsSeparator = "" }, "GroupsSeparator"},
		"roles by groups without groups":       {func(o *ProxyHeaderOptions) { o.GroupsHeader = "" }, "GroupsHeader"},
		"a group with the separator":           {func(o *ProxyHeaderOptions) { o.Policy.EditorGroups = []string{"CN=editors,OU=x"} }, "GroupsSeparator"},
		"a viewers' group with it":             {func(o *ProxyHeaderOptions) { o.Policy.ViewerGroups = []string{"a,b"} }, "GroupsSeparator"},
		"signs out with another program":       {func(o *ProxyHeaderOptions) { o.SignOutURL = "javascript:alert(1)" }, "SignOutURL"},
		"signs out on another host, unmarked":  {func(o *ProxyHeaderOptions) { o.SignOutURL = "//evil.example/" }, "SignOutURL"},
		"signs out without encryption":         {func(o *ProxyHeaderOptions) { o.SignOutURL = "http://id.example/" }, "SignOutURL"},
		"signs out at an address with a login": {func(o *ProxyHeaderOptions) { o.SignOutURL = "https://a:b@id.example/" }, "SignOutURL"},
	} {
		t.Run(name, func(t *testing.T) {
			o := headerOptions(t)
			test.change(&o)
			_, err := NewProxyHeader(o)
			var fault *OptionError
			if !errors.As(err, &fault) || fault.Option != test.option {
				t.Fatalf("error %v is not one of option %s", err, test.option)
			}
			if strings.Contains(err.Error(), canary) {
				t.Errorf("the error %q holds a secret", err)
			}
		})
	}
	if _, err := NewProxyHeader(ProxyHeaderOptions{Policy: Policy{EditorGroups: []string{"x"}}}); err == nil || strings.Count(err.Error(), "\n") < 2 {
		t.Errorf("not all faults at once: %v", err)
	}
}

func TestProxySecretsArePrintedRedacted(t *testing.T) {
	o := headerOptions(t)
	for _, got := range []string{fmt.Sprintf("%v %+v %#v", o, o.Peer, o), o.Peer.Secrets.String(), fmt.Sprintf("%q", o.Peer.Secrets)} {
		if strings.Contains(got, canary) || !strings.Contains(got, redacted) {
			t.Errorf("printed as %s", got)
		}
	}
}

func FuzzProxyHeader(f *testing.F) {
	f.Add("X-Forwarded-User", "u-1", "X-Forwarded-Groups", "a,b", "X_Forwarded_User", "root")
	f.Add("X-Forwarded-User", "u,1", "X-Forwarded-Groups", ",", "", "")
	f.Add("x-forwarded-user", " \x00", "X-Forwarded-Groups", "editors\u2028", "X-Forwarded-Groups", "editors")
	p := proxyHeader(f, nil)
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2, name3, value3 string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = proxyAddr
		r.Header = http.Header{"X-Proxy-Secret": {proxySecret}}
		for _, h := range [][2]string{{name1, value1}, {name2, value2}, {name3, value3}} {
			r.Header.Add(h[0], h[1])
		}
		i, err := p.Identify(r)
		if err != nil {
			if !cmp.Equal(i, Identity{}) || !errors.Is(err, ErrNoIdentity) && !errors.Is(err, ErrBadIdentity) && !errors.Is(err, ErrUntrustedPeer) {
				t.Fatalf("identity %v with error %v", i, err)
			}
			return
		}
		if i.Subject == "" || checkText(i.Subject, maxSubject) != nil || i.Subject != strings.Trim(r.Header.Get("X-Forwarded-User"), " \t") {
			t.Errorf("subject %q", i.Subject)
		}
		said := 0
		for name := range r.Header {
			if strings.ReplaceAll(strings.ToLower(name), "_", "-") == "x-forwarded-user" {
				said += len(r.Header[name])
			}
		}
		if said != 1 {
			t.Errorf("the user was said %d times", said)
		}
		if err := checkGroups(i.Groups); err != nil || len(i.Groups) > 0 && !i.GroupsKnown {
			t.Errorf("groups %q: %v", i.Groups, err)
		}
	})
}
