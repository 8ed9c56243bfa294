package apiclient_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

// loadContract reads our copy of a contract. The document names operations by
// core and neighbour; both are ours.
func loadContract(t testing.TB, api string) *openapi3.T {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromFile(filepath.Join("testdata", "contracts", api+".openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func contractOperations(t testing.TB) []string {
	t.Helper()
	var lines []string
	for _, api := range []string{"track", "focus"} {
		for path, item := range loadContract(t, api).Paths.Map() {
			for method, operation := range item.Operations() {
				lines = append(lines, fmt.Sprintf("%s %s %s %s", api, operation.OperationID, method, path))
			}
		}
	}
	slices.Sort(lines)
	return lines
}

func listedOperations(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile("operations.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	slices.Sort(lines)
	return lines
}

func TestOperationsAgreeWithContracts(t *testing.T) {
	if diff := cmp.Diff(contractOperations(t), listedOperations(t)); diff != "" {
		t.Errorf("contracts and operations.txt differ (-contracts +operations.txt):\n%s", diff)
	}
}

func TestMethodsAgreeWithOperations(t *testing.T) {
	methods := directives(t)
	var want []string
	for _, line := range listedOperations(t) {
		words := strings.Fields(line)
		want = append(want, words[0]+" "+words[1])
	}
	var got []string
	for _, m := range methods {
		got = append(got, m.operation)
		_, id, _ := strings.Cut(m.operation, " ")
		if m.operation == "track ListRoles" {
			id = "ListTrackRoles" // Focus has the name
		}
		if m.name != id {
			t.Errorf("method %s is operation %q", m.name, m.operation)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations.txt and directives differ (-operations.txt +directives):\n%s", diff)
	}
}

type directive struct{ name, operation string }

// directives finds the //api:operation lines of the package's methods.
func directives(t *testing.T) []directive {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var found []directive
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			method, ok := declaration.(*ast.FuncDecl)
			if !ok || method.Doc == nil || method.Recv == nil {
				continue
			}
			for _, comment := range method.Doc.List {
				if operation, ok := strings.CutPrefix(comment.Text, "//api:operation "); ok {
					found = append(found, directive{method.Name.Name, operation})
				}
			}
		}
	}
	return found
}
