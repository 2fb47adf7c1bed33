// Package events holds one real trigger payload per case, as the service
// delivers it: for tests and for `make invoke`. Every value in them is invented;
// addresses and numbers are of the ranges kept free for examples.
//
// A file is named after the function it is for and the case: capture-json.json.
package events

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed *.json
var files embed.FS

// Load reads the payload of a case, named without the file's ending.
func Load(name string) ([]byte, error) {
	payload, err := files.ReadFile(name + ".json")
	if err != nil {
		return nil, fmt.Errorf("load event %q: no such case; there are: %s", name, strings.Join(Names(), ", "))
	}
	return payload, nil
}

// Names lists the cases in alphabetical order.
func Names() []string {
	paths, err := fs.Glob(files, "*.json")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = strings.TrimSuffix(path, ".json")
	}
	return names
}
