// The real parser of gcfg files, asked: reads a text from stdin and prints as JSON what it holds, or why it can't be read.
// gcfg.v1 reads into structs only, so one is made of the names that its own scanner finds. Each setting is read twice: as a list, which
// collects, and as a single value, of which the last one counts.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"

	"gopkg.in/gcfg.v1"
	"gopkg.in/gcfg.v1/scanner"
	"gopkg.in/gcfg.v1/token"
	"gopkg.in/gcfg.v1/types"
)

// A setting by the first spelling of its name.
type setting struct {
	key string
	// It stands somewhere without "=", which only a list and a switch may.
	blank bool
	// It has a value that is none of a switch.
	word bool
}

type section struct {
	name     string
	settings []*setting
}

// Reading is one setting, as both kinds would have it.
type Reading struct {
	Section string   `json:"section"`
	Name    string   `json:"name"`
	Key     string   `json:"key"`
	List    []string `json:"list"`
	Last    *string  `json:"last"`
}

// Answer has either.
type Answer struct {
	Error    string    `json:"error,omitempty"`
	Settings []Reading `json:"settings"`
}

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	// As ReadFileInto does, which only takes files.
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	answer := read(string(text))
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		panic(err)
	}
}

func read(text string) Answer {
	sections := namesOf([]byte(text))
	lists, err := readAs(text, sections, false)
	if err != nil {
		return Answer{Error: err.Error(), Settings: []Reading{}}
	}
	singles, err := readAs(text, sections, true)
	if err != nil {
		return Answer{Error: "as single values: " + err.Error(), Settings: []Reading{}}
	}
	answer := Answer{Settings: []Reading{}}
	for i, sect := range sections {
		for _, name := range lists.Elem().Field(i).MapKeys() {
			list := lists.Elem().Field(i).MapIndex(name).Elem()
			single := singles.Elem().Field(i).MapIndex(name).Elem()
			for j, one := range sect.settings {
				values, _ := list.Field(j).Interface().([]string)
				reading := Reading{Section: sect.name, Name: name.String(), Key: one.key, List: append([]string{}, values...)}
				if pointer := single.Field(j); pointer.Kind() == reflect.Pointer && !pointer.IsNil() {
					last := fmt.Sprint(pointer.Elem().Interface())
					reading.Last = &last
				}
				answer.Settings = append(answer.Settings, reading)
			}
		}
	}
	return answer
}

// A struct with a map for each section, by subsection; its settings are lists, or pointers, which tell "not set". What can only be a list
// stays one.
func readAs(text string, sections []*section, single bool) (reflect.Value, error) {
	fields := []reflect.StructField{}
	for i, sect := range sections {
		inner := []reflect.StructField{}
		for j, one := range sect.settings {
			kind := reflect.TypeOf([]string{})
			if single && !one.blank {
				kind = reflect.TypeOf(new(string))
			} else if single && !one.word {
				kind = reflect.TypeOf(new(bool))
			}
			inner = append(inner, field(j, one.key, kind))
		}
		kind := reflect.MapOf(reflect.TypeOf(""), reflect.PointerTo(reflect.StructOf(inner)))
		fields = append(fields, field(i, sect.name, kind))
	}
	config := reflect.New(reflect.StructOf(fields))
	return config, gcfg.ReadStringInto(config.Interface(), text)
}

func field(index int, name string, kind reflect.Type) reflect.StructField {
	return reflect.StructField{
		Name: fmt.Sprintf("F%d", index),
		Type: kind,
		Tag:  reflect.StructTag(fmt.Sprintf(`gcfg:%q`, name)),
	}
}

func sectionOf(sections *[]*section, name string) *section {
	for _, one := range *sections {
		if strings.EqualFold(one.name, name) {
			return one
		}
	}
	*sections = append(*sections, &section{name: name})
	return (*sections)[len(*sections)-1]
}

func settingOf(sect *section, key string) *setting {
	for _, one := range sect.settings {
		if strings.EqualFold(one.key, key) {
			return one
		}
	}
	sect.settings = append(sect.settings, &setting{key: key})
	return sect.settings[len(sect.settings)-1]
}

// Errors are left to the reading itself.
func namesOf(text []byte) []*section {
	sections := []*section{}
	var here *section
	var scan scanner.Scanner
	files := token.NewFileSet()
	scan.Init(files.AddFile("", files.Base(), len(text)), text, func(token.Position, string) {}, 0)
	for {
		_, tok, lit := scan.Scan()
		switch {
		case tok == token.EOF:
			return sections
		case tok == token.LBRACK:
			if _, tok, lit = scan.Scan(); tok == token.IDENT {
				here = sectionOf(&sections, lit)
			}
		case tok == token.IDENT && here != nil:
			one := settingOf(here, lit)
			if _, tok, _ = scan.Scan(); tok == token.ASSIGN {
				_, _, lit = scan.Scan()
				if _, err := types.ParseBool(lit); err != nil {
					one.word = true
				}
			} else {
				one.blank = true
			}
		}
	}
}
