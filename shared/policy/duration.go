package policy

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"sluice/shared/lead"
)

// Duration is a span written as people write it: 60m, 4h, 3d, 2w, 1h30m. A day
// is 24 hours.
type Duration time.Duration

// MaxDuration is the longest span there is; what a policy may name is shorter.
const MaxDuration = 3660 * day

// units are those of a Duration, longest first.
var units = []struct {
	letter byte
	span   time.Duration
}{
	{'w', 7 * 24 * time.Hour}, {'d', 24 * time.Hour}, {'h', time.Hour}, {'m', time.Minute}, {'s', time.Second},
}

// ParseDuration reads a span. It cannot be negative; each unit stands once, the
// longer before the shorter. A span longer than [MaxDuration] counts as that:
// whoever bounds it can then say so where it stands.
func ParseDuration(text string) (Duration, error) {
	rest, total := text, time.Duration(0)
	for _, unit := range units {
		digits := 0
		for digits < len(rest) && '0' <= rest[digits] && rest[digits] <= '9' {
			digits++
		}
		if digits == 0 || digits > 7 || digits == len(rest) || rest[digits] != unit.letter {
			continue
		}
		n, _ := strconv.Atoi(rest[:digits])
		total += min(time.Duration(n), MaxDuration/unit.span+1) * unit.span
		rest = rest[digits+1:]
	}
	if text == "" || rest != "" {
		return 0, fmt.Errorf("%.40q is not a duration: write it like 60m, 4h, 3d, 2w or 1h30m", text)
	}
	return Duration(min(total, MaxDuration)), nil
}

// String writes the span in the longest units that make it whole: 36h is 1d12h.
func (d Duration) String() string {
	if d == 0 {
		return "0s"
	}
	var b strings.Builder
	rest := time.Duration(d)
	for _, unit := range units {
		if unit.letter == 'w' && rest%unit.span != 0 {
			continue // 30d, not 4w2d
		}
		if n := rest / unit.span; n > 0 {
			fmt.Fprintf(&b, "%d%c", n, unit.letter)
			rest -= n * unit.span
		}
	}
	return b.String()
}

// Span is working time as people write it: 60m, 4h, 3d, 1d4h. A day is a working
// day, an hour one of working time.
type Span lead.Span

// ParseSpan reads working time. It has no weeks: how many days a week has is the
// calendar's to say. Days that are more than [MaxDuration] count as that, and so
// does the rest: whoever bounds a span can then say so where it stands.
func ParseSpan(text string) (Span, error) {
	var s Span
	rest := text
	if digits, after, ok := strings.Cut(text, "d"); ok {
		d, err := ParseDuration(digits + "d")
		if err != nil || strings.Contains(digits, "w") {
			return s, noSpan(text)
		}
		if s.Days, rest = int(d/Duration(day)), after; rest == "" {
			return s, nil
		}
	}
	d, err := ParseDuration(rest)
	if err != nil || strings.ContainsAny(rest, "wd") {
		return Span{}, noSpan(text)
	}
	s.Time = time.Duration(d)
	return s, nil
}

func noSpan(text string) error {
	return fmt.Errorf("%.40q is no working time: write it like 60m, 4h, 3d or 1d4h", text)
}

// String writes the span: 1d4h.
func (s Span) String() string {
	text := ""
	if s.Days > 0 {
		text = strconv.Itoa(s.Days) + "d"
	}
	switch hours := s.Time / time.Hour; {
	case s.Time == 0 && text != "":
		return text
	case hours > 0:
		text += strconv.Itoa(int(hours)) + "h"
		if s.Time%time.Hour == 0 {
			return text
		}
	}
	return text + Duration(s.Time%time.Hour).String()
}

// plain is the real time that the span takes around the clock.
func (s Span) plain() time.Duration { return time.Duration(s.Days)*day + s.Time }

// MarshalText implements encoding.TextMarshaler.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler. Policies that were kept before
// there was working time have weeks, and their days were days around the clock, as
// they are of teams without hours.
func (s *Span) UnmarshalText(text []byte) error {
	parsed, err := ParseSpan(string(text))
	if weeks, old := ParseDuration(string(text)); err != nil && old == nil {
		parsed, err = Span{Days: int(weeks / Duration(day)), Time: time.Duration(weeks % Duration(day))}, nil
	}
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := ParseDuration(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
