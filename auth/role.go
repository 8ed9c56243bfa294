package auth

// A Role is what somebody may do in Roster, whatever Toggl lets their
// credentials do. The zero value may do nothing.
type Role string

// The roles.
const (
	// RoleNone sees a page that says whom to ask.
	RoleNone Role = ""
	// RoleViewer reads.
	RoleViewer Role = "viewer"
	// RoleEditor reads and changes.
	RoleEditor Role = "editor"
)

// MayRead reports whether the role sees an organization's pages.
func (r Role) MayRead() bool { return r == RoleViewer || r == RoleEditor }

// MayChange reports whether the role may change anything but its own settings.
func (r Role) MayChange() bool { return r == RoleEditor }
