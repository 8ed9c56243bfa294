package views

import "net/url"

// ConnectURL is the page on which a person connects to Toggl, and the way back.
func ConnectURL(returnTo string) string {
	if returnTo == "" || returnTo == PathHome {
		return PathConnect
	}
	return PathConnect + "?" + url.Values{"return_to": {returnTo}}.Encode()
}
