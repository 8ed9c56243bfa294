package sandbox

import (
	"strconv"
	"strings"
)

// A person is a name and the local part of an e-mail address.
type person struct{ name, address string }

// nameSource gives the known people first, then combinations of the cultures'
// names. A name comes again only when all combinations are used up; an address
// never does.
type nameSource struct {
	given, family [][]string
	count         int
	taken         map[string]bool // addresses
	known         map[string]bool // names of the known people
}

func newNameSource() nameSource {
	n := nameSource{taken: map[string]bool{}, known: map[string]bool{}}
	for _, name := range knownPeople {
		n.known[name] = true
	}
	for _, c := range cultures {
		n.given = append(n.given, strings.Fields(c.given))
		n.family = append(n.family, strings.Fields(c.family))
	}
	return n
}

func (n *nameSource) next() person {
	i := n.count
	n.count++
	if i < len(knownPeople) {
		name := knownPeople[i]
		address, found := knownAddresses[name]
		if !found {
			address = strings.ToLower(strings.ReplaceAll(name, " ", "."))
		}
		return person{name, n.unique(address)}
	}
	name, address := n.combination(i - len(knownPeople))
	if n.known[name] {
		return n.next()
	}
	return person{name, n.unique(address)}
}

// combination strides over each culture's names: strides that share no factor
// with the number of pairs reach all of them, in a scattered order.
func (n *nameSource) combination(i int) (name, address string) {
	at := i % len(cultures)
	given, family := n.given[at], n.family[at]
	pair := (i/len(cultures)*31 + at*7) % (len(given) * len(family))
	givenName, givenLatin := spelling(given[pair%len(given)])
	familyName, familyLatin := spelling(family[pair/len(given)])
	name = givenName + " " + familyName
	if cultures[at].familyFirst {
		name = familyName + " " + givenName
	}
	return name, givenLatin + "." + familyLatin
}

func (n *nameSource) unique(address string) string {
	candidate := address
	for i := 2; n.taken[candidate]; i++ {
		candidate = address + strconv.Itoa(i)
	}
	n.taken[candidate] = true
	return candidate
}

// spelling splits a word of a culture into the name and its Latin form.
func spelling(word string) (name, latin string) {
	name, latin, found := strings.Cut(word, ":")
	if !found {
		latin = strings.ToLower(word)
	}
	return strings.ReplaceAll(name, "-", " "), latin
}
