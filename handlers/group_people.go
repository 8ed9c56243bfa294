package handlers

import (
	"net/mail"
	"strings"

	"roster/apiclient"
)

// A wantedPerson is one of those whom somebody typed or pasted.
type wantedPerson struct {
	text string // as it was typed
	// email is set where the text holds an address; else name is all of it, and
	// may be a part of a name or an address.
	email, name string
}

// readPeople finds people in pasted text: one a line, or with commas or
// semicolons between them; addresses also with blanks, or as "Name <mail>".
// Whoever is there twice is meant once.
func readPeople(text string) []wantedPerson {
	var people []wantedPerson
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		for _, part := range addressParts(line) {
			p := readPerson(part)
			if key := p.key(); key != "" && !seen[key] {
				seen[key] = true
				people = append(people, p)
			}
		}
	}
	return people
}

func readPerson(part string) wantedPerson {
	address, err := mail.ParseAddress(part)
	if err != nil {
		name := strings.Join(strings.Fields(part), " ")
		return wantedPerson{text: name, name: name}
	}
	if address.Name == "" {
		return wantedPerson{text: address.Address, email: address.Address}
	}
	return wantedPerson{text: address.Name + " <" + address.Address + ">", email: address.Address}
}

// key is the same for everything that means the same people.
func (p wantedPerson) key() string {
	if p.email != "" {
		return strings.ToLower(p.email)
	}
	return strings.ToLower(p.name)
}

// filter is what Toggl's list is asked for.
func (p wantedPerson) filter() string {
	if p.email != "" {
		return p.email
	}
	return p.name
}

// among are the users who are meant: by an address the one who has it; by a
// name those who are called exactly so, or where nobody is those in whose name
// or address it stands.
func (p wantedPerson) among(users []apiclient.OrganizationUser) []apiclient.OrganizationUser {
	var exact, partly []apiclient.OrganizationUser
	for i := range users {
		u := &users[i]
		if p.email != "" {
			if strings.EqualFold(u.Email, p.email) {
				exact = append(exact, *u)
			}
			continue
		}
		name := strings.ToLower(strings.Join(strings.Fields(u.Name), " "))
		switch {
		case name == p.key():
			exact = append(exact, *u)
		case strings.Contains(name, p.key()) || strings.Contains(strings.ToLower(u.Email), p.key()):
			partly = append(partly, *u)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return partly
}
