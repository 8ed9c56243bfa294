package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener whose connections are pipes in memory, so that time can pass by
// itself.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { close(p.closed); return nil }

func (*pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes", Net: "unix"} }

// TestAttacksBySlowness: who is slow, silent or without an end is hung up on, and what
// was kept for them is free again.
func TestAttacksBySlowness(t *testing.T) {
	const post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n"
	for _, tt := range []struct {
		name   string
		attack func(net.Conn) error // until the connection fails
		after  time.Duration
	}{
		{"nothing at all", drain, readHeaderTimeout},
		{"a header, a letter a second", func(c net.Conn) error { return drip(c, "GET / HTTP/1.1\r\nX-Slow: ") }, readHeaderTimeout},
		{"a header line a second", func(c net.Conn) error { return dripOf(c, "GET / HTTP/1.1\r\n", "X-Slow: 1\r\n") }, readHeaderTimeout},
		{"a body, a letter a second", func(c net.Conn) error { go func() { _ = drain(c) }(); return drip(c, post) }, readTimeout},
		{"an answer that nobody reads", func(c net.Conn) error {
			if _, err := io.WriteString(c, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
				return err
			}
			time.Sleep(writeTimeout + time.Second)
			return drain(c)
		}, writeTimeout + time.Second},
		{"a second request that never comes", func(c net.Conn) error {
			go func() { _, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n") }()
			return drain(c)
		}, idleTimeout},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var running atomic.Int64
				handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					running.Add(1)
					defer running.Add(-1)
					_, _ = io.Copy(io.Discard, r.Body)
					size := 1
					if r.URL.Path == "/large" {
						size = 10 << 20
					}
					_, _ = w.Write(make([]byte, size))
				})
				conn, stop := serveOnPipe(t, handler)
				start := time.Now()
				if err := tt.attack(conn); err == nil {
					t.Error("the connection stands")
				}
				if took := time.Since(start); took < tt.after-time.Second || took > tt.after+2*time.Second {
					t.Errorf("hung up after %v, want %v", took, tt.after)
				}
				_ = conn.Close()
				stop()
				if running.Load() != 0 {
					t.Error("the handler still waits")
				}
			})
		})
	}
}

// TestAttacksBySize: headers end somewhere.
func TestAttacksBySize(t *testing.T) {
	for name, header := range map[string]string{
		"an endless header": "X-Large: " + strings.Repeat("x", 80<<10) + "\r\n", "headers without end": strings.Repeat("X-Many: 1\r\n", 10_000),
		"an endless cookie": "Cookie: " + strings.Repeat("x=1; ", 20_000) + "\r\n", "an endless name": strings.Repeat("x", 80<<10) + ": 1\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var reached atomic.Bool
				conn, stop := serveOnPipe(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
				go func() { _, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n"+header+"\r\n") }()
				res, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil {
					t.Fatal(err)
				}
				_ = res.Body.Close()
				if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge || reached.Load() {
					t.Errorf("status %d", res.StatusCode)
				}
				_ = conn.Close()
				stop()
			})
		})
	}
}

// TestAttacksByLongAddresses: addresses end somewhere, too.
func TestAttacksByLongAddresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, stop := serveOnPipe(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it arrives") }))
		go func() {
			_, _ = io.WriteString(conn, "GET /"+strings.Repeat("a", 80<<10)+" HTTP/1.1\r\nHost: x\r\n\r\n")
		}()
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("%v, %v", res, err)
		}
		_ = conn.Close()
		stop()
	})
}

// serveOnPipe is one connection to a server with the program's own settings.
func serveOnPipe(t *testing.T, handler http.Handler) (client net.Conn, stop func()) {
	t.Helper()
	client, server := net.Pipe()
	listener := &pipes{conns: make(chan net.Conn, 1), closed: make(chan struct{})}
	listener.conns <- server
	s := newServer(handler, slog.New(slog.NewJSONHandler(&bytes.Buffer{}, nil)))
	done := make(chan error, 1)
	go func() { done <- s.Serve(listener) }()
	return client, func() {
		if err := s.Shutdown(t.Context()); err != nil {
			t.Errorf("a connection is left: %v", err)
		}
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}
}

// drain reads until the connection ends, which is an error here.
func drain(c net.Conn) error {
	if _, err := io.Copy(io.Discard, c); err != nil {
		return err
	}
	return io.EOF
}

func drip(c net.Conn, first string) error { return dripOf(c, first, "x") }

// dripOf writes a part a second until that fails.
func dripOf(c net.Conn, first, part string) error {
	go func() { _ = drain(c) }()
	if _, err := io.WriteString(c, first); err != nil {
		return err
	}
	for range 1000 {
		time.Sleep(time.Second)
		if _, err := io.WriteString(c, part); err != nil {
			return err
		}
	}
	return nil
}
