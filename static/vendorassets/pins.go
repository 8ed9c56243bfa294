package main

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const iconPackage = "lucide-static"

// A pin names one version of an npm package, the hash of its archive as the
// registry states it, and which of its files go where below static/.
type pin struct {
	name, version, integrity string
	files                    map[string]string
}

var pins = []pin{
	{
		name:      "htmx.org",
		version:   "4.0.1",
		integrity: "sha512-oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg==",
		files: map[string]string{
			"dist/htmx.min.js": "htmx-4.0.1.min.js",
			"LICENSE":          "licenses/htmx.txt",
		},
	},
	{
		name:      iconPackage, // its files become icons.svg
		version:   "1.62.0",
		integrity: "sha512-WBZA/m2PvkFpMGHDtsBck5P2A9G4ehLlYu4GwwICcmEm1BvYVgj00lCDxKRWLlbMlOibLaiwdQ88G5pHkSWgwA==",
		files:     map[string]string{"LICENSE": "licenses/lucide.txt"},
	},
	{
		name:      "@fontsource-variable/inter",
		version:   "5.3.0",
		integrity: "sha512-OupL48va4JNofb97w6NYeF9S7W/kHNKM0Er8Dem5nqi4jeOLrVJDoE8tZEpnMJmtkvNbB1EIPPwHcdkF6b1oUA==",
		files: map[string]string{
			"files/inter-latin-wght-normal.woff2":     "fonts/inter-latin-wght-normal.woff2",
			"files/inter-latin-ext-wght-normal.woff2": "fonts/inter-latin-ext-wght-normal.woff2",
			"LICENSE": "licenses/inter.txt",
		},
	},
}

// checksums lists the files in the form of sha256sum, sorted by name.
func checksums(files map[string][]byte) []byte {
	var list strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&list, "%x  %s\n", sha256.Sum256(files[name]), name)
	}
	return []byte(list.String())
}
