package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"roster/auth"
)

// freeAddr is an address that nobody listens on.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// TestServe starts the real server, asks it how it is, and stops it.
func TestServe(t *testing.T) {
	addr, metrics := freeAddr(t), freeAddr(t)
	environment := map[string]string{
		"ROSTER_ADDR": addr, "ROSTER_METRICS_ADDR": metrics,
		"ROSTER_SECRET_KEYS":  hex.EncodeToString(auth.NewKey()),
		"ROSTER_DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "roster.db"),
	}
	getenv := func(name string) string { return environment[name] }
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- run(ctx, nil, getenv, io.Discard, io.Discard) }()

	deadline := time.Now().Add(10 * time.Second)
	for run(ctx, []string{"healthcheck"}, getenv, io.Discard, io.Discard) != nil {
		if time.Now().After(deadline) {
			t.Fatal("the server doesn't become healthy")
		}
		time.Sleep(20 * time.Millisecond)
	}
	for address, want := range map[string]string{
		"http://" + addr + "/readyz":     "ok",
		"http://" + addr + "/sign-in":    "Sign in",
		"http://" + metrics + "/metrics": "roster_info",
	} {
		if got := body(t, address); !strings.Contains(got, want) {
			t.Errorf("%s: no %q in the answer", address, want)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("stopping: %v", err)
	}
	if err := run(t.Context(), []string{"healthcheck"}, getenv, io.Discard, io.Discard); err == nil {
		t.Error("healthcheck of a stopped server succeeds")
	}
}

// TestDemo starts the demo and reads the address that it prints.
func TestDemo(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, []string{"demo"}, func(name string) string {
			return map[string]string{"ROSTER_ADDR": "127.0.0.1:0"}[name]
		}, in, io.Discard)
	}()
	line := make([]byte, 200)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	address := "http://" + strings.Fields(strings.SplitAfter(string(line[:n]), "http://")[1])[0]
	if page := body(t, address+"/sign-in"); !strings.Contains(page, "Continue as") {
		t.Errorf("the demo's sign-in page has no button: %s", page)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("stopping: %v", err)
	}
}

func TestCommands(t *testing.T) {
	var out bytes.Buffer
	none := func(string) string { return "" }
	if err := run(t.Context(), []string{"version"}, none, &out, io.Discard); err != nil || !strings.Contains(out.String(), version) {
		t.Errorf("version prints %q, %v", out.String(), err)
	}
	out.Reset()
	if err := run(t.Context(), []string{"help"}, none, &out, io.Discard); err != nil || !strings.Contains(out.String(), "roster demo") {
		t.Errorf("help prints %q, %v", out.String(), err)
	}
	if err := run(t.Context(), []string{"dance"}, none, &out, io.Discard); err == nil || !strings.Contains(err.Error(), "dance") {
		t.Errorf("an unknown command gives %v", err)
	}
	if err := run(t.Context(), nil, none, &out, io.Discard); err == nil || !strings.Contains(err.Error(), "ROSTER_SECRET_KEYS") {
		t.Errorf("serve without keys gives %v", err)
	}
}

func body(t *testing.T, address string) string {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, res.Status, err)
	}
	return string(content)
}
