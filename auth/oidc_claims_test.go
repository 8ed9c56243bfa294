package auth

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIdentityOfClaims(t *testing.T) {
	h := newSSOHouse(t)
	type spoiled = map[string]any // claims over those of the token; nil takes one out
	whole := Identity{Subject: "user-1", Name: "Ana Ōno", Email: "ana@mail.example", Groups: []string{"staff", "a,b"}, GroupsKnown: true}
	tests := map[string]struct {
		claims spoiled
		about  spoiled
		change func(*Identity)
		asks   int // for user info
	}{
		"all in the token":       {nil, spoiled{"sub": "user-1", "groups": []string{"evil"}}, nil, 0},
		"no name but another":    {spoiled{"name": nil, "preferred_username": "ana"}, nil, func(i *Identity) { i.Name = "ana" }, 0},
		"a name of two lines":    {spoiled{"name": "Ana\nlevel=ERROR"}, nil, func(i *Identity) { i.Name = "" }, 0},
		"a name that is none":    {spoiled{"name": 7}, nil, func(i *Identity) { i.Name = "" }, 0},
		"an endless name":        {spoiled{"name": strings.Repeat("a", 600)}, nil, func(i *Identity) { i.Name = "" }, 0},
		"markup":                 {spoiled{"name": "<b>Ana</b>"}, nil, func(i *Identity) { i.Name = "<b>Ana</b>" }, 0},
		"in no group":            {spoiled{"groups": []string{}}, nil, func(i *Identity) { i.Groups = []string{} }, 0},
		"one group, no array":    {spoiled{"groups": "admins"}, spoiled{"sub": "user-1", "groups": []string{"evil"}}, unknownGroups, 0},
		"groups in one text":     {spoiled{"groups": "staff,admins"}, nil, unknownGroups, 0},
		"groups as an object":    {spoiled{"groups": spoiled{"admins": true}}, nil, unknownGroups, 0},
		"a group that is none":   {spoiled{"groups": []any{"staff", 7}}, nil, unknownGroups, 0},
		"a group that is null":   {spoiled{"groups": []any{nil}}, nil, unknownGroups, 0},
		"nested groups":          {spoiled{"groups": []any{[]string{"admins"}}}, nil, unknownGroups, 0},
		"a group of two lines":   {spoiled{"groups": []string{"a\nb"}}, nil, unknownGroups, 0},
		"too many groups":        {spoiled{"groups": make([]string, maxGroups+1)}, nil, unknownGroups, 0},
		"groups under two names": {spoiled{"Groups": []string{"evil"}}, nil, nil, 0},
		"no groups, no info":     {spoiled{"groups": nil}, nil, unknownGroups, 1},
		"groups asked for":       {spoiled{"groups": nil}, spoiled{"sub": "user-1", "name": "Eve", "groups": []string{"viewers"}}, func(i *Identity) { i.Groups = []string{"viewers"} }, 1},
		"groups not said":        {spoiled{"groups": nil}, spoiled{"sub": "user-1"}, unknownGroups, 1},
		"a thin token": {
			spoiled{"groups": nil, "name": nil, "email": nil},
			spoiled{"sub": "user-1", "name": "Ana", "email": "a@b.example", "groups": []string{"x"}},
			func(i *Identity) { i.Name, i.Email, i.Groups = "Ana", "a@b.example", []string{"x"} }, 1,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			asked := h.idp.asked("/userinfo")
			h.idp.about = tt.about
			h.idp.spoil = func(m *minting) {
				for claim, value := range tt.claims {
					if m.claims[claim] = value; value == nil {
						delete(m.claims, claim)
					}
				}
			}
			want := whole
			want.Issuer = h.idp.issuer
			if tt.change != nil {
				tt.change(&want)
			}
			got, err := h.signInThrough(&browser{TB: t}, h.oidc)
			if diff := cmp.Diff(want, got.Identity); diff != "" || err != nil {
				t.Error(err, diff)
			}
			if n := h.idp.asked("/userinfo") - asked; n != tt.asks {
				t.Errorf("user info was asked for %d times, want %d", n, tt.asks)
			}
		})
	}
}

func unknownGroups(i *Identity) { i.Groups, i.GroupsKnown = nil, false }

func TestGroupsAreNotAskedFor(t *testing.T) {
	h := newSSOHouse(t)
	got, err := h.signInThrough(&browser{TB: t}, h.replica(func(o *OIDCOptions) { o.GroupsClaim = "" }))
	if err != nil || got.Identity.GroupsKnown || got.Identity.Groups != nil {
		t.Errorf("got %v, %v", got.Identity.Groups, err)
	}
}

func TestUserInfoFails(t *testing.T) {
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		about  map[string]any
		want   error // with groups needed
	}{
		"somebody else's":   {nil, map[string]any{"sub": "user-2", "groups": []string{"admins"}}, ErrBadAnswer},
		"nobody's":          {nil, map[string]any{"groups": []string{"admins"}}, ErrBadAnswer},
		"down":              {status(http.StatusBadGateway), nil, ErrProvider},
		"busy":              {status(http.StatusTooManyRequests), nil, ErrProvider},
		"elsewhere":         {redirect, nil, ErrProvider},
		"cut off":           {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, nil, ErrProvider},
		"endless":           {endless, nil, ErrProvider},
		"forbidden":         {status(http.StatusForbidden), nil, nil},
		"signed for others": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ey.ey.x")) }, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := newSSOHouse(t)
			h.idp.spoil = func(m *minting) { delete(m.claims, "groups") }
			h.idp.about = tt.about
			h.idp.before = on("/userinfo", tt.answer)
			got, err := h.signInThrough(&browser{TB: t}, h.oidc)
			if !errors.Is(err, tt.want) || got.Identity.GroupsKnown || errors.Is(err, ErrBadAnswer) != errors.Is(tt.want, ErrBadAnswer) {
				t.Errorf("got %t, %v, want %v", got.Identity.GroupsKnown, err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("the error holds a secret: %v", err)
			}
		})
	}
}

func TestANameIsNotWorthARefusal(t *testing.T) {
	h := newSSOHouse(t)
	h.idp.spoil = func(m *minting) { delete(m.claims, "name"); delete(m.claims, "email") }
	h.idp.before = on("/userinfo", status(http.StatusBadGateway))
	if got := h.mustSignIn(); got.Identity.Name != "" || h.idp.asked("/userinfo") != 1 {
		t.Errorf("got %q after %d requests", got.Identity.Name, h.idp.asked("/userinfo"))
	}
}

// on has the handler, unless it is nil, answer at the path in place of the provider.
func on(path string, answer http.HandlerFunc) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if answer == nil || r.URL.Path != path {
			return false
		}
		answer(w, r)
		return true
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// redirect leads to where the request would be answered well.
func redirect(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("redirected") {
		panic("the redirect was followed")
	}
	http.Redirect(w, r, r.URL.Path+"?redirected", http.StatusTemporaryRedirect)
}

func endless(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	for r.Context().Err() == nil {
		if _, err := w.Write([]byte(`{"sub": "user-1", "groups": ["` + strings.Repeat("a", 1<<16) + `"],`)); err != nil {
			return
		}
	}
}
