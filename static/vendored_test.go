package static

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// recorded reads vendored.sha256: the hash of each vendored file by its name.
func recorded(t *testing.T) map[string]string {
	t.Helper()
	list, err := os.ReadFile("vendored.sha256")
	if err != nil {
		t.Fatal(err)
	}
	hashes := make(map[string]string)
	for line := range strings.Lines(string(list)) {
		hash, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			t.Fatalf("vendored.sha256: %q", line)
		}
		hashes[name] = hash
	}
	return hashes
}

func TestVendoredFilesAreAsFetched(t *testing.T) {
	hashes := recorded(t)
	for name, want := range hashes {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
			continue
		}
		sum := sha256.Sum256(content)
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("%s has the hash %s, recorded is %s: run make vendor-assets", name, got, want)
		}
	}
	foreign := regexp.MustCompile(`^(fonts|licenses)/|\.min\.js$`)
	for name := range assets {
		if _, ok := hashes[name]; !ok && foreign.MatchString(name) {
			t.Errorf("%s is not recorded in vendored.sha256", name)
		}
	}
}

func TestSpriteHasTheListedIcons(t *testing.T) {
	list, err := os.ReadFile("icons.txt")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(list)) {
		name, _, _ := strings.Cut(line, "#")
		if name = strings.TrimSpace(name); name != "" {
			want = append(want, name)
		}
	}
	var got []string
	for _, match := range regexp.MustCompile(`<symbol id="([^"]+)"`).FindAllStringSubmatch(string(assets["icons.svg"].body), -1) {
		got = append(got, match[1])
	}
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("icons.svg holds %v, icons.txt lists %v: run make vendor-assets", got, want)
	}
}
