package auth

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestProxyHeaderHostile: every doubt is a refusal of its kind, and none of them
// repeats what was sent.
func TestProxyHeaderHostile(t *testing.T) {
	for name, test := range map[string]struct {
		peer  string
		lines []string
		want  error
	}{
		"peer elsewhere":                          {peer: "192.0.2.1:1234", want: ErrUntrustedPeer},
		"peer elsewhere, claims to be forwarded":  {peer: "192.0.2.1:1234", lines: []string{"X-Forwarded-For: 10.1.2.3", "X-Real-Ip: 10.1.2.3", "Forwarded: for=10.1.2.3"}, want: ErrUntrustedPeer},
		"peer without an address":                 {peer: "@", want: ErrUntrustedPeer},
		"peer elsewhere, only a twin":             {peer: "192.0.2.1:1234", lines: []string{"-X-Forwarded-User", "-X-Forwarded-Email", "-X-Forwarded-Preferred-Username", "-X-Forwarded-Groups", "X_Forwarded_User: u-1"}, want: ErrUntrustedPeer},
		"peer elsewhere, only groups":             {peer: "192.0.2.1:1234", lines: []string{"-X-Forwarded-User", "-X-Forwarded-Email", "-X-Forwarded-Preferred-Username"}, want: ErrUntrustedPeer},
		"peer elsewhere, says nothing":            {peer: "192.0.2.1:1234", lines: []string{"-X-Forwarded-User", "-X-Forwarded-Email", "-X-Forwarded-Preferred-Username", "-X-Forwarded-Groups"}, want: ErrNoIdentity},
		"no secret":                               {lines: []string{"-X-Proxy-Secret"}, want: ErrUntrustedPeer},
		"wrong secret":                            {lines: []string{"-X-Proxy-Secret", "X-Proxy-Secret: " + proxySecret + "x"}, want: ErrUntrustedPeer},
		"half of the secret":                      {lines: []string{"-X-Proxy-Secret", "X-Proxy-Secret: secret-of-the-proxy"}, want: ErrUntrustedPeer},
		"both secrets at once":                    {lines: []string{"X-Proxy-Secret: the-older-secret-canary"}, want: ErrBadIdentity},
		"twin of the secret":                      {lines: []string{"X_Proxy_Secret: " + proxySecret}, want: ErrBadIdentity},
		"nobody":                                  {lines: []string{"-X-Forwarded-User"}, want: ErrNoIdentity},
		"an empty user":                           {lines: []string{"-X-Forwarded-User", "X-Forwarded-User:  "}, want: ErrNoIdentity},
		"user twice":                              {lines: []string{"X-Forwarded-User: u-2"}, want: ErrBadIdentity},
		"user twice, both the same":               {lines: []string{"X-Forwarded-User: u-1"}, want: ErrBadIdentity},
		"user twice, one empty":                   {lines: []string{"X-Forwarded-User: "}, want: ErrBadIdentity},
		"two users folded into one header":        {lines: []string{"-X-Forwarded-User", "X-Forwarded-User: u-2, u-1"}, want: ErrBadIdentity},
		"e-mail twice":                            {lines: []string{"X-Forwarded-Email: root@mail.example"}, want: ErrBadIdentity},
		"two e-mails folded into one header":      {lines: []string{"-X-Forwarded-Email", "X-Forwarded-Email: a@mail.example, b@mail.example"}, want: ErrBadIdentity},
		"name twice":                              {lines: []string{"X-Forwarded-Preferred-Username: Root"}, want: ErrBadIdentity},
		"groups twice":                            {lines: []string{"X-Forwarded-Groups: editors"}, want: ErrBadIdentity},
		"twin with underscores":                   {lines: []string{"X_Forwarded_User: root"}, want: ErrBadIdentity},
		"twin with one underscore":                {lines: []string{"X-Forwarded_user: root"}, want: ErrBadIdentity},
		"twin with dots":                          {lines: []string{"X.forwarded.user: root"}, want: ErrBadIdentity},
		"twin in capitals":                        {lines: []string{"X_FORWARDED_USER: root"}, want: ErrBadIdentity},
		"twin alone":                              {lines: []string{"-X-Forwarded-User", "X_forwarded_user: u-1"}, want: ErrBadIdentity},
		"twin of the groups":                      {lines: []string{"X_forwarded_groups: editors"}, want: ErrBadIdentity},
		"twin of the e-mail":                      {lines: []string{"X_forwarded_email: root@mail.example"}, want: ErrBadIdentity},
		"twin of the name":                        {lines: []string{"X_forwarded_preferred_username: Root"}, want: ErrBadIdentity},
		"user with a line end":                    {lines: []string{"-X-Forwarded-User", "X-Forwarded-User: u-1\r\nX-Forwarded-Groups: editors"}, want: ErrBadIdentity},
		"user with a NUL":                         {lines: []string{"-X-Forwarded-User", "X-Forwarded-User: u-1\x00"}, want: ErrBadIdentity},
		"user with a line separator":              {lines: []string{"-X-Forwarded-User", "X-Forwarded-User: u-1\u2028"}, want: ErrBadIdentity},
		"user that is not UTF-8":                  {lines: []string{"-X-Forwarded-User", "X-Forwarded-User: u-\xff"}, want: ErrBadIdentity},
		"name that is not UTF-8":                  {lines: []string{"-X-Forwarded-Preferred-Username", "X-Forwarded-Preferred-Username: Andr\xe9"}, want: ErrBadIdentity},
		"endless user":                            {lines: []string{"-X-Forwarded-User", "X-Forwarded-User: " + strings.Repeat("u", maxSubject+1)}, want: ErrBadIdentity},
		"endless name":                            {lines: []string{"-X-Forwarded-Preferred-Username", "X-Forwarded-Preferred-Username: " + strings.Repeat("u", maxName+1)}, want: ErrBadIdentity},
		"encoded name with a line end":            {lines: []string{"-X-Forwarded-Preferred-Username", "X-Forwarded-Preferred-Username: =?utf-8?q?Ana=0D=0AX-Forwarded-Groups:_editors?="}, want: ErrBadIdentity},
		"encoded name with a NUL":                 {lines: []string{"-X-Forwarded-Preferred-Username", "X-Forwarded-Preferred-Username: =?utf-8?b?QQBB?="}, want: ErrBadIdentity},
		"encoded name with a line separator":      {lines: []string{"-X-Forwarded-Preferred-Username", "X-Forwarded-Preferred-Username: =?utf-8?q?Ana=E2=80=A8?="}, want: ErrBadIdentity},
		"encoded name that is not UTF-8":          {lines: []string{"-X-Forwarded-Preferred-Username", "X-Forwarded-Preferred-Username: =?utf-8?q?Andr=E9?="}, want: ErrBadIdentity},
		"endless name once it is decoded":         {lines: []string{"-X-Forwarded-Preferred-Username", "X-Forwarded-Preferred-Username: =?iso-8859-1?q?" + strings.Repeat("u", maxName+1) + "?="}, want: ErrBadIdentity},
		"endless encoded name":                    {lines: []string{"-X-Forwarded-Preferred-Username", "X-Forwarded-Preferred-Username: " + strings.Repeat("=?utf-8?q?a?= ", maxEncodedName/14+1)}, want: ErrBadIdentity},
		"endless group":                           {lines: []string{"-X-Forwarded-Groups", "X-Forwarded-Groups: editors," + strings.Repeat("g", maxGroup+1)}, want: ErrBadIdentity},
		"groups without end":                      {lines: []string{"-X-Forwarded-Groups", "X-Forwarded-Groups: " + strings.Repeat("g,", maxGroups) + "editors"}, want: ErrBadIdentity},
		"group that begins with the separator":    {lines: []string{"-X-Forwarded-Groups", "X-Forwarded-Groups: ,editors"}, want: ErrBadIdentity},
		"group that ends with the separator":      {lines: []string{"-X-Forwarded-Groups", "X-Forwarded-Groups: editors,"}, want: ErrBadIdentity},
		"group with a control character in it":    {lines: []string{"-X-Forwarded-Groups", "X-Forwarded-Groups: editors\x7f"}, want: ErrBadIdentity},
		"secret of nobody: no identity, no alarm": {lines: []string{"-X-Proxy-Secret", "-X-Forwarded-User", "-X-Forwarded-Email", "-X-Forwarded-Preferred-Username", "-X-Forwarded-Groups"}, want: ErrNoIdentity},
	} {
		t.Run(name, func(t *testing.T) {
			r := forwarded(t, test.lines...)
			if test.peer != "" {
				r.RemoteAddr = test.peer
			}
			got, err := proxyHeader(t, nil).Identify(r)
			if !errors.Is(err, test.want) || !cmp.Equal(got, Identity{}) {
				t.Fatalf("got %v and error %v, want %v", got, err, test.want)
			}
			for _, sent := range []string{canary, "u-1", "u-2", "mail.example", "Root"} {
				if strings.Contains(err.Error(), sent) {
					t.Errorf("the error %q repeats what was sent", err)
				}
			}
		})
	}
}
