package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// containers are files that hold tables and are none.
var containers = []struct{ start, is string }{
	{"PK\x03\x04", "a workbook or an archive"}, {"\xd0\xcf\x11\xe0", "a workbook"}, {"\x1f\x8b", "compressed"}, {"%PDF", "a PDF"},
}

// decoded reads the file as UTF-8 without a byte order mark, which is believed
// before the name of an encoding.
func (s *sheet) decoded(in io.Reader, name string) (io.Reader, error) {
	buffered := bufio.NewReaderSize(in, sheetSample)
	sample, err := buffered.Peek(sheetSample)
	if err != nil && err != io.EOF {
		return nil, err
	}
	for _, c := range containers {
		if bytes.HasPrefix(sample, []byte(c.start)) {
			return nil, fmt.Errorf("this file is %s: save it as CSV", c.is)
		}
	}
	from, err := encodingNamed(name)
	if err != nil {
		return nil, err
	}
	utf16 := bytes.HasPrefix(sample, []byte("\xff\xfe")) || bytes.HasPrefix(sample, []byte("\xfe\xff"))
	s.foreign = from != encoding.Nop
	if !s.foreign && !utf16 && bytes.IndexByte(sample, 0) >= 0 {
		return nil, errors.New("there are zero bytes in this file: if it is UTF-16, say -encoding utf-16le or -encoding utf-16be")
	}
	s.mark = utf16 || s.foreign || bytes.HasPrefix(sample, []byte("\xef\xbb\xbf"))
	return transform.NewReader(buffered, unicode.BOMOverride(from.NewDecoder())), nil
}

// encodingNamed is the encoding that the flag -encoding names.
func encodingNamed(name string) (encoding.Encoding, error) {
	switch strings.ToLower(name) {
	case "", "utf-8", "utf8":
		return encoding.Nop, nil
	case "latin-1":
		name = "latin1"
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil, fmt.Errorf("-encoding %q is not known; there are utf-8, utf-16le, utf-16be, gb18030, gbk, big5, shift_jis, euc-kr, windows-1252, latin-1 and the others of the web", name)
	}
	return e, nil
}

// wrongEncoding finds out from a value whether its bytes are of another encoding
// than was named, and says how others would read it.
func (s *sheet) wrongEncoding(value, name string) error {
	if s.foreign && strings.ContainsRune(value, utf8.RuneError) {
		return fmt.Errorf("%q is not %s: name another -encoding", short(value), name)
	}
	if utf8.ValidString(value) {
		return nil
	}
	var ways []string
	for _, other := range []string{"windows-1252", "gb18030"} {
		e, err := htmlindex.Get(other)
		if err != nil {
			return err
		}
		if text, err := e.NewDecoder().String(value); err == nil && !strings.ContainsRune(text, utf8.RuneError) {
			ways = append(ways, fmt.Sprintf("with -encoding %s it reads %q", other, short(text)))
		}
	}
	ways = append(ways, "see -encoding")
	return fmt.Errorf("this is not UTF-8: %s", strings.Join(ways, ", "))
}

// short cuts a long value for a message.
func short(value string) string {
	if r := []rune(strings.ToValidUTF8(value, "\ufffd")); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return strings.ToValidUTF8(value, "\ufffd")
}
