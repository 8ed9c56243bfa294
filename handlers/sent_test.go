package handlers_test

import "encoding/json"

// bodiesOf are the bodies of an operation's requests since the last look at calls.
func (a *app) bodiesOf(operation string) []string {
	var bodies []string
	for _, r := range a.upstream.Requests() {
		if r.Operation == operation {
			bodies = append(bodies, r.Body)
		}
	}
	return bodies
}

// sentBody is the body of the last request of an operation, "" where there was
// none.
func (a *app) sentBody(operation string) string {
	bodies := a.bodiesOf(operation)
	if len(bodies) == 0 {
		return ""
	}
	return bodies[len(bodies)-1]
}

// sent is bodiesOf, as what the bodies say.
func (a *app) sent(operation string) []map[string]any {
	a.t.Helper()
	var sent []map[string]any
	for _, text := range a.bodiesOf(operation) {
		var body map[string]any
		must(a.t, json.Unmarshal([]byte(text), &body))
		sent = append(sent, body)
	}
	return sent
}
