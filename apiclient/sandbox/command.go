package sandbox

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Main serves a sandbox until ctx is done: the command "roster sandbox". args
// are its flags. It prints the two base addresses in the form of Roster's
// settings and whom to sign in as; the credentials are fake.
func Main(ctx context.Context, args []string, stdout io.Writer) error {
	var options Options
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	flags.SetOutput(stdout)
	addr := flags.String("addr", "127.0.0.1:8090", "`address` to listen on")
	flags.IntVar(&options.Users, "users", 214, "users of the large organization")
	flags.IntVar(&options.Workspaces, "workspaces", 8, "its workspaces")
	flags.IntVar(&options.Groups, "groups", 17, "its groups")
	flags.DurationVar(&options.Latency, "latency", 0, "added to each answer, such as 150ms")
	flags.Float64Var(&options.RatePerSecond, "rate", 0, "requests a second of one user before 429; 0: any number")
	flags.IntVar(&options.Burst, "burst", 5, "requests at once before -rate applies")
	flags.IntVar(&options.Quota, "quota", 0, "requests an hour of one user in one organization before 402; 0: any number")
	flags.StringVar(&options.ListShape, "list-shape", "array", "array, or items for {\"items\":[…]}")
	flags.BoolVar(&options.NoAssignments, "no-assignments", false, "PUT assignments answers 405")
	flags.BoolVar(&options.NoPageHeaders, "no-page-headers", false, "the users list sends no X-Page… headers")
	flags.BoolVar(&options.DropAbsentWorkspaces, "drop-absent-workspaces", false, "workspaces[] of a user replaces instead of upserting")
	flags.BoolVar(&options.TextErrors, "text-errors", false, "errors of text/plain operations are bare text")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return fmt.Errorf("sandbox: %w", err)
	}
	if options.ListShape != "array" && options.ListShape != "items" {
		return fmt.Errorf("sandbox: -list-shape is array or items, not %q", options.ListShape)
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", *addr)
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	s := New(options)
	if err := s.introduce(stdout, "http://"+listener.Addr().String()); err != nil {
		_ = listener.Close()
		return fmt.Errorf("sandbox: %w", err)
	}
	return s.listen(ctx, listener)
}

func (s *Server) introduce(w io.Writer, base string) error {
	_, err := fmt.Fprintf(w, "ROSTER_TRACK_URL=%s%s\nROSTER_FOCUS_URL=%s%s\n", base, trackPath, base, focusPath)
	for _, someone := range []struct {
		what string
		Persona
	}{{"owner", s.Owner()}, {"admin", s.Admin()}, {"member", s.Member()}} {
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "\n%s: %s\n  email      %s\n  password   %s\n  API token  %s\n  Focus key  %s\n",
			someone.what, someone.Name, someone.Email, someone.Password, someone.APIToken, someone.FocusKey)
	}
	return err
}

// listen serves until ctx is done, then lets requests in flight finish.
func (s *Server) listen(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 2 * time.Minute, IdleTimeout: time.Minute,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("sandbox: %w", err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		return fmt.Errorf("sandbox: stop: %w", err)
	}
	return nil
}
