package whois

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// query is what one line asks.
type query struct {
	flags   [128]bool // by their letters
	types   []string  // of objects that are asked for; empty for all
	inverse []string  // attributes to search by
	about   string    // the server itself: sources, types, version
	key     string    // without space around it
}

func (q *query) has(letters string) bool {
	for i := range len(letters) {
		if q.flags[letters[i]] {
			return true
		}
	}
	return false
}

// wants reports whether objects of a class are asked for.
func (q *query) wants(class string) bool {
	return len(q.types) == 0 || slices.Contains(q.types, class)
}

// flagNames are the long names that flags may have.
var flagNames = map[string]byte{
	"exact": 'x', "one-less": 'l', "all-less": 'L', "one-more": 'm', "all-more": 'M', "no-referenced": 'r', "no-filtering": 'B', "no-grouping": 'G',
	"select-types": 'T', "inverse": 'i', "persistent-connection": 'k', "primary-keys": 'K', "brief": 'F', "client": 'V', "sources": 's', "all-sources": 'a',
	"reverse-domain": 'd', "resource": resourceFlag,
}

// resourceFlag is the letter of --resource, which has none.
const resourceFlag = '-'

// Flags with an argument, and all that there are.
const (
	flagsArgued = "TiqVs"
	flagsKnown  = "xlLmMrBGKFkad" + flagsArgued
)

// read reads a line.
//
// specs/29 WHOIS-2: Flags stand before the key. An unknown one, or one without its
// argument, MUST be answered by error 111, one that stands there twice by 110, those
// that contradict each other by 109.
func read(line string) (query, *fault) {
	q := query{}
	line = strings.ReplaceAll(line, "\t", " ")
	if !utf8.ValidString(line) || strings.ContainsFunc(line, unicode.IsControl) {
		return q, invalidKey("a control character, or bytes that are no UTF-8")
	}
	words := strings.Fields(line)
	for len(words) > 0 && len(words[0]) > 1 && words[0][0] == '-' {
		rest, f := q.flag(words[0][1:], words[1:])
		if f != nil {
			return q, f
		}
		words = rest
	}
	q.key = strings.Join(words, " ")
	return q, q.contradiction()
}

// flag takes one word of flags, and what is left of the words after it.
func (q *query) flag(word string, rest []string) ([]string, *fault) {
	if name, long := strings.CutPrefix(word, "-"); long {
		letter, ok := flagNames[name]
		if !ok {
			return nil, unknownFlag(word)
		}
		return q.set(letter, "", rest)
	}
	for i := range len(word) {
		if !strings.Contains(flagsKnown, word[i:i+1]) {
			return nil, unknownFlag(word[i:])
		}
		if strings.Contains(flagsArgued, word[i:i+1]) {
			return q.set(word[i], word[i+1:], rest)
		}
		if _, f := q.set(word[i], "", nil); f != nil {
			return nil, f
		}
	}
	return rest, nil
}

// set takes one flag; its argument stands beside it or is the next word.
func (q *query) set(letter byte, beside string, rest []string) ([]string, *fault) {
	if q.flags[letter] {
		return nil, twice(letter)
	}
	q.flags[letter] = true
	if !strings.Contains(flagsArgued, string(rune(letter))) {
		return rest, nil
	}
	if beside == "" {
		if len(rest) == 0 {
			return nil, unknownFlag(string(rune(letter)) + " without its argument")
		}
		beside, rest = rest[0], rest[1:]
	}
	return rest, q.argument(letter, strings.ToLower(beside))
}

func (q *query) argument(letter byte, text string) *fault {
	list := strings.Split(text, ",")
	switch letter {
	case 'T':
		q.types = list
		for _, class := range list {
			if !slices.Contains(classes, class) {
				return unknownType(class)
			}
		}
	case 'i':
		q.inverse = list
		for _, name := range list {
			if !slices.Contains(inverseAttributes, name) {
				return unknownAttribute(name)
			}
		}
	case 's':
		for _, name := range list {
			if !strings.EqualFold(name, Source) {
				return unknownSource(name)
			}
		}
	case 'q':
		if q.about = text; text != "sources" && text != "types" && text != "version" {
			return unknownFlag("q " + text)
		}
	}
	return nil // V names a client, which is of no interest
}

// searches are the flags that say which blocks are meant, of which one may stand.
const searches = "xlLmM"

// contradiction is what makes flags together mean nothing.
func (q *query) contradiction() *fault {
	first := byte(0)
	for i := range len(searches) {
		switch letter := searches[i]; {
		case !q.flags[letter]:
		case first != 0:
			return together(first, letter)
		case q.flags['i']:
			return together('i', letter)
		default:
			first = letter
		}
	}
	return nil
}
