package handlers

import (
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"roster/apiclient"
)

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]float64{
		"0": 0, "85": 85, "85.5": 85.5, "85,5": 85.5, "85,50": 85.5, "0.01": 0.01, "1234.567": 1234.567, "1234,567": 1234.567, "007": 7,
	} {
		if n, err := parseNumber(text); err != nil || n == nil || *n != want {
			t.Errorf("%q: %v, %v; want %v", text, n, err, want)
		}
	}
	for _, text := range []string{
		"x", "-1", "+1", "1e3", "0x10", "1_000", "NaN", "Inf", ".5", "5.", "1.2.3", "1,2,3", "1,234", "12,345", " 1", "1 ", "１", "٣", "1\n", strings.Repeat("9", 400),
	} {
		if n, err := parseNumber(text); err == nil {
			t.Errorf("%q is taken for %v", text, *n)
		}
	}
	if n, err := parseNumber(""); n != nil || err != nil {
		t.Errorf("nothing is %v, %v", n, err)
	}
}

func FuzzParseNumber(f *testing.F) {
	for _, seed := range []string{"", "85.5", "85,50", "1,234", "-1", "1e9", "NaN", "0x1p-2", "999999999999999.999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := parseNumber(text)
		if err != nil || n == nil {
			if text == "" && err != nil {
				t.Error("nothing is refused")
			}
			return
		}
		if *n < 0 {
			t.Errorf("%q is %v", text, *n)
		}
		if _, err := json.Marshal(*n); err != nil {
			t.Errorf("%q can't be sent: %v", text, err)
		}
		// What is shown of it means the same.
		once := canonical(memberRate, text)
		if again := canonical(memberRate, once); again != once && !thousands.MatchString(once) {
			t.Errorf("%q is written %q, and then %q", text, once, again)
		}
		if shown := canonical(memberRate, twoDecimals(once)); shown != once {
			t.Errorf("%q is shown as %q, which comes back as %q", once, twoDecimals(once), shown)
		}
	})
}

func TestParseWorkspaceField(t *testing.T) {
	for name, want := range map[string]string{
		"workspaces[8]": "8 ", "workspaces[8].rate": "8 rate", "workspaces[-1].rate": "-1 rate", "workspaces[8].a.b": "8 a.b",
	} {
		id, member, ok := parseWorkspaceField(name)
		if got := strconv.FormatInt(id, 10) + " " + member; !ok || got != want {
			t.Errorf("%q: %q, %v", name, got, ok)
		}
	}
	for _, name := range []string{
		"", "name", "workspaces", "workspaces[]", "workspaces[x].rate", "workspaces[8", "workspaces[8].", "workspaces[8]rate", "workspaces[9999999999999999999].rate", "groups[8]", " workspaces[8].rate",
	} {
		if _, _, ok := parseWorkspaceField(name); ok {
			t.Errorf("%q is taken for a workspace's field", name)
		}
	}
}

func FuzzParseWorkspaceField(f *testing.F) {
	for _, seed := range []string{"workspaces[8].rate", "workspaces[08].rate", "workspaces[8]", "workspaces[8].", "groups[7]", "workspaces[+8].role_id"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		id, member, ok := parseWorkspaceField(name)
		if ok {
			again, sameMember, ok := parseWorkspaceField(workspaceField(id, member))
			if !ok || again != id || sameMember != member {
				t.Errorf("%q is %d %q, and then %d %q %v", name, id, member, again, sameMember, ok)
			}
		}
		if isUserField(name) && name != strings.TrimSpace(name) {
			t.Errorf("%q is a field", name)
		}
		// Whatever a form holds, it is read without harm.
		typed := readUserFields(url.Values{name: {"x"}, "workspace_id": {name}, "groups": {name}}, userFields{})
		for field := range typed {
			if field != fieldName && field != fieldEmail && !isUserField(field) {
				t.Errorf("%q made the field %q", name, field)
			}
		}
	})
}

// randomUser has everything that differs between users, odd numbers included.
func randomUser(random *rand.Rand) apiclient.OrganizationUser {
	flag := func() *bool {
		b := random.IntN(2) == 0
		return [...]*bool{nil, &b}[random.IntN(2)]
	}
	number := func() *float64 {
		n := float64(random.IntN(20000)) / []float64{1, 2, 4, 100, 3}[random.IntN(5)]
		return [...]*float64{nil, &n}[random.IntN(2)]
	}
	role := func() *int64 {
		id := random.Int64N(5)
		return [...]*int64{nil, &id}[random.IntN(2)]
	}
	texts := []string{"", "Ana Kovač", " edge ", "two\nlines", `"quoted"`, "مريم", "a,b;c"}
	u := apiclient.OrganizationUser{
		ID: random.Int64N(1e6), Name: texts[random.IntN(len(texts))], Email: texts[random.IntN(len(texts))],
		RoleID: role(), Inactive: random.IntN(2) == 0, Owner: random.IntN(5) == 0,
	}
	for range random.IntN(4) {
		u.Groups = append(u.Groups, apiclient.GroupRef{GroupID: random.Int64N(50), Name: "Group"})
	}
	for id := range int64(random.IntN(5)) {
		u.Workspaces = append(u.Workspaces, apiclient.UserWorkspace{
			WorkspaceID: id + 1, RoleID: role(), Rate: number(), Cost: number(), WorkingHours: number(), Inactive: random.IntN(2) == 0,
			ViewEditBillableRates: flag(), ViewEditLaborCosts: flag(),
		})
	}
	return u
}

// formOf is what a browser sends of the form of these fields when nothing was
// typed into it.
func formOf(f userFields) url.Values {
	form := url.Values{fieldGroups: {""}}
	for name, value := range f {
		_, member, inWorkspace := parseWorkspaceField(name)
		group, isGroup := parseGroupField(name)
		switch {
		case isGroup:
			form.Add(fieldGroups, strconv.FormatInt(group, 10))
		case inWorkspace && member == "":
		case value == "true":
			form[name] = []string{"false", "true"}
		case member == memberRate || member == memberCost:
			form.Set(name, twoDecimals(value))
		default:
			form.Set(name, strings.ReplaceAll(value, "\n", ""))
		}
	}
	return form
}

// TestFieldsKeepTheirMeaning: properties that hold for any user.
func TestFieldsKeepTheirMeaning(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		was := fieldsOf(randomUser(random))
		for name := range was {
			if !isUserField(name) {
				t.Fatalf("%q is no field", name)
			}
		}
		back, ok := decodeUserFields(was.encode())
		if diff := cmp.Diff(was, back); !ok || diff != "" {
			t.Fatalf("through the form: %v %s", ok, diff)
		}
		if names := changed(was, readUserFields(formOf(was), was)); names != nil {
			t.Fatalf("untouched, and changed: %q", names)
		}
		if conflicts := findConflicts(was, was, was, userChoices{}); conflicts != nil {
			t.Fatalf("nothing changed, and in conflict: %v", conflicts)
		}
		checkMerge(t, was, fieldsOf(randomUser(random)), fieldsOf(randomUser(random)))
	}
}

// checkMerge: what only the other one changed is theirs; what the person
// changed in a workspace that both are about is kept until they choose.
func checkMerge(t *testing.T, was, now, typed userFields) {
	t.Helper()
	mine := make(userFields, len(typed))
	for name, value := range typed {
		mine[name] = value
	}
	conflicts := findConflicts(was, now, typed, userChoices{})
	if (len(conflicts) == 0) != (len(changed(was, now)) == 0) {
		t.Fatalf("%d conflicts where %q changed", len(conflicts), changed(was, now))
	}
	for _, c := range conflicts {
		if !isUserField(c.Name) {
			t.Fatalf("a conflict about %q", c.Name)
		}
		_, member, inWorkspace := parseWorkspaceField(c.Name)
		if membership := inWorkspace && member == ""; membership || c.Both {
			continue
		}
		if typed[c.Name] != now[c.Name] && mine[c.Name] != now[c.Name] {
			t.Fatalf("%s is %q, though Toggl has %q and nobody else changed it", c.Name, typed[c.Name], now[c.Name])
		}
	}
}

// TestInputHoldsNoFlags: role_id and the deprecated flags exclude each other.
func TestInputHoldsNoFlags(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		u, other := randomUser(random), fieldsOf(randomUser(random))
		f := userForm{user: u, was: fieldsOf(u), typed: other}
		input, _ := f.input(changed(f.was, f.typed))
		body, err := json.Marshal(input)
		if err != nil {
			t.Fatal(err)
		}
		for _, flag := range []string{`"organization_admin"`, `"admin"`, `"role"`} {
			if strings.Contains(string(body), flag) {
				t.Fatalf("%s is sent: %s", flag, body)
			}
		}
		if input.Workspaces != nil && !slices.IsSortedFunc(input.Workspaces, func(a, b apiclient.UserWorkspaceInput) int { return int(a.WorkspaceID - b.WorkspaceID) }) {
			t.Fatalf("workspaces are not in order: %s", body)
		}
	}
}

func TestFieldsAreInTheOrderOfTheForm(t *testing.T) {
	want := []string{
		"name", "email", "role_id", "inactive", "groups[7]", "workspaces[8]", "workspaces[8].role_id", "workspaces[8].rate",
		"workspaces[8].remove", "workspaces[10].role_id",
	}
	shuffled := slices.Clone(want)
	rand.New(rand.NewPCG(5, 6)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	slices.SortFunc(shuffled, compareFields)
	if diff := cmp.Diff(want, shuffled); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeFields(t *testing.T) {
	for _, text := range []string{"", "null", "[]", "{", `{"name":1}`, `"x"`} {
		if f, ok := decodeFields(text); ok {
			t.Errorf("%q is taken for %v", text, f)
		}
	}
	f, ok := decodeUserFields(`{"name":"Ana","resolve.name":"x","workspaces[8].rate":"1","workspaces[08].rate":"2","owner":"true"}`)
	if diff := cmp.Diff(userFields{"name": "Ana", "workspaces[8].rate": "1"}, f); !ok || diff != "" {
		t.Errorf("%v %s", ok, diff)
	}
}
