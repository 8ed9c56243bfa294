package sandbox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestMainServesUntilStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- Main(ctx, []string{"-addr", "127.0.0.1:0", "-users", "30", "-list-shape", "items"}, writer)
		_ = writer.Close()
	}()
	// The owner is introduced first; what follows is read so that the
	// command isn't held up.
	printed := map[string]string{}
	lines := bufio.NewScanner(reader)
	for lines.Scan() && printed["Focus key"] == "" {
		key, value, found := strings.Cut(lines.Text(), "=")
		if !found {
			key, value, _ = strings.Cut(strings.TrimSpace(lines.Text()), "  ")
		}
		printed[key] = strings.TrimSpace(value)
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, printed["ROSTER_TRACK_URL"]+"/me/organizations", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(printed["API token"], "api_token")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if response.StatusCode != 200 || !strings.HasPrefix(string(body), `{"items":[`) {
		t.Errorf("%d %.100s", response.StatusCode, body)
	}
	if !strings.HasSuffix(printed["ROSTER_FOCUS_URL"], "/focus/api") || printed["email"] != "ingrid.solheim@haldenmoss.example" {
		t.Errorf("printed %v", printed)
	}
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("Main ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("Main doesn't stop")
	}
}

func TestMainRefusesWrongFlags(t *testing.T) {
	for _, args := range [][]string{{"-list-shape", "xml"}, {"-users", "many"}, {"-addr", "nowhere:at:all"}} {
		if err := Main(t.Context(), args, io.Discard); err == nil || !strings.HasPrefix(err.Error(), "sandbox: ") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// Readers and writers at once; the race detector judges.
func TestConcurrentRequests(t *testing.T) {
	s := newTester(t, Options{Users: 60})
	id := s.server.Member().OrganizationUserID
	var group sync.WaitGroup
	for worker := range 6 {
		group.Go(func() {
			for i := range 20 {
				switch worker {
				case 0:
					s.owner("PUT", fmt.Sprintf("%s/users/%d", large, id), fmt.Sprintf(`{"name":"N %d"}`, i))
				case 1:
					s.owner("PATCH", large+"/groups/310001", `[{"op":"remove","path":"/workspaces","value":[2000001]},{"op":"add","path":"/workspaces","value":[2000001]}]`)
				case 2:
					s.server.SetLatency(time.Duration(i))
					s.server.Requests()
				default:
					s.owner("GET", large+"/users", "")
					s.owner("GET", focusLarge+"/teams?workspace_id=2000001", "")
				}
			}
		})
	}
	group.Wait()
}
