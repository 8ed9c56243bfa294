package auth

import "net/url"

// checkSignOut returns the fault of an address to sign out at: it is a path on this
// site, which the proxy answers, or one with https.
func checkSignOut(address string) error {
	u, err := url.Parse(address)
	switch {
	case address == "" || err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && checkText(address, maxReturn) == nil:
		return nil
	case SafeReturn(address) == address && address != "/":
		return nil
	}
	return badOption("SignOutURL", "must be a path such as /oauth2/sign_out, or an address with https")
}
