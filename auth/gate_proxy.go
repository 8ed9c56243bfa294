package auth

import "net/http"

// enterByProxy reads the identity anew. A session is only where the person's
// connection to Toggl is kept: without the proxy's word it is good for nothing.
func (g *Gate) enterByProxy(w http.ResponseWriter, r *http.Request, begin bool) (*Session, error) {
	i, err := g.proxy.Identify(r)
	if err != nil {
		return nil, err
	}
	s, err := g.sessions.Load(r)
	if err != nil {
		return nil, err
	}
	switch {
	case s != nil && s.Subject == i.Key():
		g.update(s, i)
		return s, nil
	case begin:
		return g.begin(w, r, i, nil)
	case s != nil:
		return nil, g.sessions.SignOut(w, r)
	}
	return nil, nil
}
