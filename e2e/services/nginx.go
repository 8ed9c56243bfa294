package services

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// nginxFrame is what every configuration needs: one process in the foreground
// that writes nowhere but to its own directory.
const nginxFrame = `daemon off;
master_process off;
pid %[1]s/pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
	access_log off;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
%[2]s
}
`

// StartNginx runs nginx for the test, with http as the content of its http block,
// and waits until it listens on addr.
func StartNginx(t testing.TB, addr, http string) {
	t.Helper()
	path, err := findNginx()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, fmt.Appendf(nil, nginxFrame, dir, http), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, exec.CommandContext(context.WithoutCancel(t.Context()), path, "-p", dir, "-e", "stderr", "-c", file), addr)
}

// run starts a service, waits until it listens on addr, and ends it with the test.
func run(t testing.TB, cmd *exec.Cmd, addr string) {
	t.Helper()
	log := &output{}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // killed below, or told of by the missing listener
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
		if t.Failed() {
			t.Logf("%s:\n%s", cmd.Path, log)
		}
	})
	const patience = 20 * time.Second
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
		if err == nil {
			_ = connection.Close()
			return
		}
		select {
		case <-ended:
			t.Fatalf("%s ended:\n%s", cmd.Path, log)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not listen on %s: %v\n%s", cmd.Path, addr, err, log)
		}
	}
}
