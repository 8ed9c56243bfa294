package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// symbolAttributes are those of Lucide's own <svg>, with the thinner stroke of
// the design guide.
const symbolAttributes = `viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"`

var (
	iconName  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	svgBody   = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)
	lineBreak = regexp.MustCompile(`\s*\n\s*`)
)

// readIconNames reads icons.txt: one name a line, # begins a comment.
func readIconNames(list string) ([]string, error) {
	var names []string
	for line := range strings.Lines(list) {
		name, _, _ := strings.Cut(line, "#")
		name = strings.TrimSpace(name)
		switch {
		case name == "":
		case !iconName.MatchString(name):
			return nil, fmt.Errorf("icons.txt: %q is not the name of an icon", name)
		case slices.Contains(names, name):
			return nil, fmt.Errorf("icons.txt: %s stands there twice", name)
		default:
			names = append(names, name)
		}
	}
	return names, nil
}

// buildSprite makes one <svg> with a <symbol> per name, in the order of names.
func buildSprite(archive map[string][]byte, names []string, version string) ([]byte, error) {
	var sprite strings.Builder
	fmt.Fprintf(&sprite, "<!-- Lucide %s, see licenses/lucide.txt -->\n", version)
	sprite.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">` + "\n")
	for _, name := range names {
		match := svgBody.FindSubmatch(archive["icons/"+name+".svg"])
		if match == nil {
			return nil, fmt.Errorf("lucide %s has no icon %s", version, name)
		}
		shapes := lineBreak.ReplaceAllString(strings.TrimSpace(string(match[1])), "")
		fmt.Fprintf(&sprite, "<symbol id=%q %s>%s</symbol>\n", name, symbolAttributes, shapes)
	}
	sprite.WriteString("</svg>\n")
	return []byte(sprite.String()), nil
}
