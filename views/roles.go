package views

// RolesFrame is what all pages about roles have in common.
type RolesFrame struct {
	// Sub says where the roles come from.
	Sub string
	// Count is how many roles there are.
	Count string
	// ListURL, CompareURL and WhoURL are the tabs; Tab is the present one.
	ListURL, CompareURL, WhoURL string
	Tab                         RolesTab
	// Source leads to the roles of the other product; empty where that isn't
	// connected.
	Source Link
	// Kept are parameters that the forms have no control for.
	Kept  []Parameter
	Notes []Note
}

// RolesTab is one of the pages about roles.
type RolesTab string

// The tabs.
const (
	RolesList    RolesTab = "list"
	RolesCompare RolesTab = "compare"
	RolesWho     RolesTab = "who"
)

// Roles is the list of roles.
type Roles struct {
	RolesFrame
	Action, CompareAction, Filter string
	Rows                          []RoleRow
	// Empty is nil when there are rows.
	Empty    *EmptyList
	People   RolePeople
	Announce string
}

// RoleRow is one role of the list.
type RoleRow struct {
	ID, Name, Code, Description string
	Entity, Type, Level         string
	// Own is set for a role of this organization alone.
	Own bool
	// URL is the role's permissions; Permissions counts them.
	URL, Permissions, Conditional string
	People                        RoleCount
}

// RoleCount is how many people have a role. Text is empty where that isn't
// known, URL where there is no list of them.
type RoleCount struct {
	Text, URL string
}

// RolePeople says among whom people were counted, and what counting more takes.
type RolePeople struct {
	Text string
	Time Time
	More Link
}

// RoleComparison is roles side by side.
type RoleComparison struct {
	RolesFrame
	Action, Filter string
	// All is set where permissions are shown that don't differ, too.
	All     bool
	Columns []RoleColumn
	Groups  []PermissionGroup
	// Add are roles that can be added.
	Add []RoleChoice
	// Count is "11 of 34 permissions differ".
	Count string
	// Same leads to all permissions; its label says how many are hidden.
	Same  Link
	Empty *EmptyList
	// URL is the address of the comparison, ExportURL its file.
	URL, ExportURL string
	Announce       string
}

// RoleChoice is a role that may be added to a comparison.
type RoleChoice struct {
	Name, Line, URL string
}

// RoleColumn is one of the compared roles.
type RoleColumn struct {
	Name, Code, Description string
	Tags                    []string
	People                  RoleCount
	RemoveURL               string
}

// PermissionGroup are the permissions about one kind of thing.
type PermissionGroup struct {
	// Entity is the API's word; empty where it gives none.
	Entity string
	Rows   []PermissionRow
}

// PermissionRow is one permission, and what each compared role has of it.
type PermissionRow struct {
	Label string
	// Name is the API's own, where Label is its description.
	Name string
	// URL says who has the permission.
	URL     string
	Differs bool
	// Grants are those of the compared roles.
	Grants []Grant
	// Roles is how many have it, where it is a choice.
	Roles string
}

// WhoCan is the choice of a permission, or the roles and people that have one.
type WhoCan struct {
	RolesFrame
	Action, Filter string
	// Chosen is nil until a permission or role was chosen.
	Chosen   *WhoCanAnswer
	Groups   []PermissionGroup
	Empty    *EmptyList
	Count    string
	Announce string
}

// WhoCanAnswer is who has a permission, or a role.
type WhoCanAnswer struct {
	// Question is "Who can: View members".
	Question, Label, Name, Entity string
	// ChooseURL leads back to the choice.
	ChooseURL, CompareURL string
	// Missing is set where no role has it, or there is no such thing.
	Missing *EmptyList
	Roles   []RoleHolding
	// Without are the names of roles that don't have it.
	Without []string
	People  []RoleHolder
	// PeopleCount is empty where nobody was looked at.
	PeopleCount string
	Note        *Note
	Read        RolePeople
	PrevURL     string
	NextURL     string
	Groups      []RoleGroup
}

// RoleHolding is a role that has a permission.
type RoleHolding struct {
	Name, Code, Entity, Level, URL string
	Grant                          Grant
	People                         RoleCount
}

// RoleHolder is a person with one or several of the roles.
type RoleHolder struct {
	Name, Email, URL string
	Avatar           Avatar
	Status           Status
	// Roles are "Team lead in Delivery and Labs".
	Roles []string
	// Via are the groups that give them.
	Via string
}

// RoleGroup is a group through which people have one of the roles.
type RoleGroup struct {
	Name, Emoji, URL, People string
}
