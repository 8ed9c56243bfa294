// Package e2e walks through Roster in a browser, as people do: the program runs
// as an operator would start it, over the sandbox.
package e2e

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"
	"testing"

	"roster/apiclient/sandbox"
	"roster/e2e/browsertest"
	"roster/e2e/program"
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	code := browsertest.Main(m)
	if err := tearDown(); err != nil {
		slog.Error("the program did not end in order", "error", err)
		return 1
	}
	return code
}

// shared is what all tests use: the program, compiled once into a folder that
// goes with the test binary, and a demo for tests that only read.
var shared struct {
	sync.Mutex
	dir     string
	demo    *program.Program
	demoLog log
}

func tearDown() error {
	shared.Lock()
	defer shared.Unlock()
	var err error
	if shared.demo != nil {
		err = shared.demo.Stop()
	}
	return errors.Join(err, os.RemoveAll(shared.dir))
}

// Neither ends with the test that happens to need it first, so they can't take
// its context.
var (
	build = sync.OnceValues(func() (string, error) {
		shared.Lock()
		defer shared.Unlock()
		var err error
		if shared.dir, err = os.MkdirTemp("", "roster-e2e-"); err != nil {
			return "", err
		}
		return program.Build(context.Background(), shared.dir)
	})
	startDemo = sync.OnceValues(func() (*program.Program, error) {
		path, err := build()
		if err != nil {
			return nil, err
		}
		shared.Lock()
		defer shared.Unlock()
		shared.demo, err = program.Demo(context.Background(), path, &shared.demoLog)
		return shared.demo, err
	})
)

// demo is the address of one `roster demo` that all tests share which only read.
func demo(t *testing.T) string {
	t.Helper()
	p, err := startDemo()
	if err != nil {
		t.Fatalf("%v\n%s", err, shared.demoLog.String())
	}
	return p.URL
}

// A server is `roster serve` for one test, over an upstream that the test can
// steer. Its people sign in with credentials: see person.signIn. Settings are NAME=value.
type server struct {
	*program.Program
	upstream *sandbox.Server
}

func serve(t *testing.T, options sandbox.Options, settings ...string) server {
	t.Helper()
	return serveOver(t, sandbox.New(options), settings...)
}

// serveOver is serve, over an upstream that is there already.
func serveOver(t *testing.T, upstream *sandbox.Server, settings ...string) server {
	t.Helper()
	listening := httptest.NewServer(upstream)
	t.Cleanup(listening.Close)
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	var output log
	// Not t.Context: that ends before the clean-up, which stops it in order.
	p, err := program.Serve(context.WithoutCancel(t.Context()), path, listening.URL, &output, settings...)
	if err != nil {
		t.Fatalf("%v\n%s", err, output.String())
	}
	t.Cleanup(func() {
		if err := p.Stop(); err != nil {
			t.Errorf("stopping the program: %v", err)
		}
		if t.Failed() {
			t.Logf("the program's log:\n%s", output.String())
		}
	})
	return server{Program: p, upstream: upstream}
}

// usersPath is the users table of the large organization.
func (s server) usersPath() string {
	return "/orgs/" + strconv.FormatInt(s.upstream.OrganizationID(), 10) + "/users"
}

// log keeps what a program wrote.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(text)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
