package auth

import "testing"

func TestRoleOf(t *testing.T) {
	policy := Policy{
		EditorGroups: []string{"roster-editors", "CN=Editors,OU=Groups"}, ViewerGroups: []string{"staff", ""},
		Editors: []string{"u-1", "https://id.example u-2"}, Viewers: []string{"u-3", "u-1", "https://id.example u-8"},
	}
	person := func(subject string, groups ...string) Identity {
		return Identity{Issuer: "https://id.example", Subject: subject, Email: "u-1", Name: "u-1", Groups: groups, GroupsKnown: true}
	}
	unknown := person("x", "roster-editors")
	unknown.GroupsKnown = false
	elsewhere := person("u-2")
	elsewhere.Issuer = "https://elsewhere.example"
	for name, test := range map[string]struct {
		identity Identity
		want     Role
	}{
		"by group":                        {person("x", "staff", "roster-editors"), RoleEditor},
		"by a group that has a comma":     {person("x", "CN=Editors,OU=Groups"), RoleEditor},
		"a viewer by group":               {person("x", "staff"), RoleViewer},
		"in a group of another case":      {person("x", "Roster-Editors"), RoleNone},
		"in a group that begins alike":    {person("x", "roster-editors2"), RoleNone},
		"in a group without a name":       {person("x", ""), RoleNone},
		"groups that aren't known":        {unknown, RoleNone},
		"by subject, and a viewer too":    {person("u-1"), RoleEditor},
		"by key":                          {person("u-2"), RoleEditor},
		"a viewer by key":                 {person("u-8"), RoleViewer},
		"a viewer's subject, an editor":   {person("u-3", "roster-editors"), RoleEditor},
		"the key under another issuer":    {elsewhere, RoleNone},
		"a subject like somebody's key":   {person("https://id.example u-2"), RoleNone},
		"an e-mail address like a person": {person("x"), RoleNone},
		"nobody":                          {Identity{}, RoleNone},
	} {
		t.Run(name, func(t *testing.T) {
			if got := policy.RoleOf(test.identity); got != test.want {
				t.Errorf("role %q, want %q", got, test.want)
			}
		})
	}
}

// TestRoleOfEverybody: the lists speak first, even where everybody may more.
func TestRoleOfEverybody(t *testing.T) {
	policy := Policy{Viewers: []string{"1"}, Everybody: RoleEditor}
	for subject, want := range map[string]Role{"1": RoleViewer, "2": RoleEditor} {
		if got := policy.RoleOf(Identity{Issuer: "toggl", Subject: subject}); got != want {
			t.Errorf("role of %s is %q, want %q", subject, got, want)
		}
	}
	if got := (Policy{}).RoleOf(Identity{Issuer: "toggl", Subject: "1", GroupsKnown: true}); got != RoleNone {
		t.Errorf("the zero policy gives %q", got)
	}
}
