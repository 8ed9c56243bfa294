package views

import (
	"net/url"
	"testing"
)

func TestURLs(t *testing.T) {
	for got, want := range map[string]string{
		OrganizationURL(7):        "/orgs/7",
		OrganizationRefreshURL(7): "/orgs/7/refresh",
		UsersURL(7, nil):          "/orgs/7/users",
		UsersURL(7, url.Values{"groups": {"5,6"}, "filter": {"a&b=c"}}): "/orgs/7/users?filter=a%26b%3Dc&groups=5%2C6",
		UsersColumnsURL(7):                         "/orgs/7/users/columns",
		UsersFilterURL(7, "groups", nil):           "/orgs/7/users/filters/groups",
		UsersFilterURL(7, "../x?", nil):            "/orgs/7/users/filters/..%2Fx%3F",
		UserURL(7, 9, ""):                          "/orgs/7/users/9",
		UserURL(7, 9, "a+b@example.com&x=1#y"):     "/orgs/7/users/9?email=a%2Bb%40example.com%26x%3D1%23y",
		SignInURL(""):                              "/sign-in",
		SignInURL("/"):                             "/sign-in",
		SignInURL("/orgs/7/users?filter=a&page=2"): "/sign-in?return_to=%2Forgs%2F7%2Fusers%3Ffilter%3Da%26page%3D2",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
