package auth

import (
	"net/http"
	"time"
)

const (
	providerTimeout = 10 * time.Second
	// maxAnswer is how much of a provider's answer is read.
	maxAnswer = 1 << 20
)

// providerClient is a client that a provider can't lead elsewhere, with the client
// secret in hand, nor keep busy.
func providerClient(c *http.Client) *http.Client {
	client := http.Client{}
	if c != nil {
		client = *c
	}
	if client.Timeout == 0 {
		client.Timeout = providerTimeout
	}
	if client.Transport == nil {
		client.Transport = http.DefaultTransport
	}
	client.Transport = boundedTransport{client.Transport}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Jar = nil
	return &client
}

// boundedTransport ends longer answers with an error.
type boundedTransport struct{ next http.RoundTripper }

func (t boundedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = http.MaxBytesReader(nil, answer.Body, maxAnswer)
	return answer, nil
}
