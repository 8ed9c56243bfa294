package services

import (
	"context"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"roster/e2e/browsertest"
)

// ProviderOptions are what the provider knows of its one client.
type ProviderOptions struct {
	// Addr is where it listens, an address of 127.0.0.1. Its issuer has the same port
	// of "localhost": to a browser another site than Roster's.
	Addr                                      string
	ClientID, ClientSecret                    string
	RedirectURI, SignedOutURI, BackChannelURI string
}

// Issuer is what the provider at the address calls itself.
func (o ProviderOptions) Issuer() string {
	_, port, _ := strings.Cut(o.Addr, ":")
	return "http://localhost:" + port
}

// A Provider is an OpenID provider with the people of e2e/idp/provider.mjs.
type Provider struct {
	Issuer string
	t      testing.TB
}

// StartProvider runs the provider for the test.
func StartProvider(t testing.TB, o ProviderOptions) *Provider {
	t.Helper()
	env, err := browsertest.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !haveProvider() {
		t.Fatal("the OpenID provider is not installed (run: make e2e-setup)")
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), env.Node, filepath.Join(providerDir(), "provider.mjs"))
	cmd.Env = append(cmd.Environ(),
		"IDP_ADDR="+o.Addr, "IDP_CLIENT_ID="+o.ClientID, "IDP_CLIENT_SECRET="+o.ClientSecret,
		"IDP_REDIRECT_URI="+o.RedirectURI, "IDP_SIGNED_OUT_URI="+o.SignedOutURI, "IDP_LOGOUT_URI="+o.BackChannelURI)
	run(t, cmd, o.Addr)
	return &Provider{Issuer: o.Issuer(), t: t}
}

// RotateKeys makes the provider sign with a new key; it still publishes the others.
func (p *Provider) RotateKeys() { p.t.Helper(); p.post("/test/rotate-keys", nil) }

// SetGroups puts a person into these groups and no others.
func (p *Provider) SetGroups(name string, groups ...string) {
	p.t.Helper()
	p.post("/test/groups", url.Values{"name": {name}, "group": groups})
}

func (p *Provider) post(path string, form url.Values) {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.Issuer+path, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		p.t.Fatalf("%s: status %d", path, response.StatusCode)
	}
}
