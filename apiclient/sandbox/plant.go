package sandbox

import "time"

// User is what a test may plant in a user through Replace, whatever the API
// itself would refuse. Name, Email, AvatarURL, TwoFactorEnabled,
// AccountLockedAt and Closed belong to the account, so that they change in all
// of its organizations.
type User struct {
	Name, Email, AvatarURL string
	Inactive, Joined       bool
	TwoFactorEnabled       bool
	AccountLockedAt        time.Time // zero: not locked
	CreatedAt, UpdatedAt   time.Time
	InvitedAt              time.Time // zero: never invited
	Closed                 bool      // the account's data can't be loaded: 404
}

// Replace lets edit change a user, and does nothing where there is no such
// organization user. An e-mail that somebody else has is not taken over.
func (s *Server) Replace(organizationUserID int64, edit func(*User)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.world.user(organizationUserID)
	if u == nil {
		return
	}
	a := u.account
	planted := User{
		Name: a.name, Email: a.email, AvatarURL: a.avatar, Inactive: u.inactive, Joined: u.joined,
		TwoFactorEnabled: a.twoFactor, AccountLockedAt: a.lockedAt.zeroTime(), Closed: a.closed,
		CreatedAt: u.createdAt.zeroTime(), UpdatedAt: u.updatedAt.zeroTime(), InvitedAt: u.invitedAt.zeroTime(),
	}
	edit(&planted)
	if s.world.hasEmail(planted.Email, a) {
		planted.Email = a.email
	}
	s.world.rename(a, planted.Name, planted.Email)
	a.avatar, a.twoFactor, a.closed = planted.AvatarURL, planted.TwoFactorEnabled, planted.Closed
	a.lockedAt = stampOrZero(planted.AccountLockedAt)
	u.inactive, u.joined = planted.Inactive, planted.Joined
	u.createdAt, u.updatedAt = stampOrZero(planted.CreatedAt), stampOrZero(planted.UpdatedAt)
	u.invitedAt = stampOrZero(planted.InvitedAt)
}

func (s stamp) zeroTime() time.Time {
	if s == 0 {
		return time.Time{}
	}
	return s.Time()
}

func stampOrZero(t time.Time) stamp {
	if t.IsZero() {
		return 0
	}
	return stampOf(t)
}
