package sandbox

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// fetch goes over a real connection, which a recorder cannot cut.
func fetch(t *testing.T, server *httptest.Server, s *Server, path string) (status int, header http.Header, body string, err error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(s.Owner().APIToken, "api_token")
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Do(r)
	if err != nil {
		return 0, nil, "", err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, string(data), err
}

func TestScriptedFailures(t *testing.T) {
	s := New(Options{Users: 40})
	server := httptest.NewServer(s)
	defer server.Close()

	s.Script(Failure{Operation: "GetMe", Status: 502, Body: "<html>bad gateway</html>", Header: http.Header{"Content-Type": {"text/html"}}})
	s.Script(Failure{API: "focus", Operation: "GetMe", Status: 500, Times: -1})
	if status, _, _, err := fetch(t, server, s, large); status != 200 || err != nil {
		t.Errorf("another operation: %d %v", status, err)
	}
	status, header, body, err := fetch(t, server, s, "/api/v9/me")
	if status != 502 || header.Get("Content-Type") != "text/html" || body != "<html>bad gateway</html>" || err != nil {
		t.Errorf("scripted: %d %v %q %v", status, header, body, err)
	}
	if status, _, _, _ := fetch(t, server, s, "/api/v9/me"); status != 200 {
		t.Errorf("after it: %d", status)
	}

	s.Script(Failure{Redirect: "https://elsewhere.example/", Times: 2})
	for range 2 {
		if status, header, _, _ := fetch(t, server, s, "/api/v9/me"); status != 302 || header.Get("Location") != "https://elsewhere.example/" {
			t.Errorf("redirect: %d %v", status, header)
		}
	}

	s.Script(Failure{Cut: true, Operation: "GetOrganization"})
	status, _, body, err = fetch(t, server, s, large)
	if status != 200 || body == "" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut: %d %q %v", status, body, err)
	}

	s.Script(Failure{Delay: 30 * time.Millisecond})
	start := time.Now()
	if status, _, _, _ := fetch(t, server, s, large); status != 200 || time.Since(start) < 30*time.Millisecond {
		t.Errorf("delay: %d after %s", status, time.Since(start))
	}
	s.SetLatency(20 * time.Millisecond)
	start = time.Now()
	if _, _, _, err := fetch(t, server, s, large); err != nil || time.Since(start) < 20*time.Millisecond {
		t.Errorf("latency: %v after %s", err, time.Since(start))
	}

	s.Script(Failure{Status: 500, Times: -1})
	s.ClearScripts()
	if status, _, _, _ := fetch(t, server, s, large); status != 200 {
		t.Errorf("after clearing: %d", status)
	}
	log := s.Requests()
	if log[1].Status != 502 || log[5].Status != 0 {
		t.Errorf("logged statuses %d and %d", log[1].Status, log[5].Status)
	}
}
