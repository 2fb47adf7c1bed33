package sim

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sluice/shared/lead"
)

func smallReport() *Report {
	return &Report{
		Options:  Options{Seed: 7, Days: 2, Reps: 3, LeadsPerDay: 10},
		Events:   1234,
		Posts:    []Count{{"202 accepted", 21}, {"422 to be corrected", 2}, {"no answer", 1}},
		Outcomes: []Count{{"created", 17}, {"merged", 3}, {"quarantined", 1}},
		Acts:     []ActCount{{"accept", 9, 1, 0}, {"log", 12, 0, 2}},
		Funnel:   []Count{{"leads", 17}, {"offered", 12}, {"taken by a rep", 0}, {"followed up", 0}},
		SLA: SLA{
			Offers: 12, AcceptedInTime: 9, Accept: Spread{9, 4 * time.Minute, 31 * time.Minute, time.Hour, time.Hour},
			Begun: 9, Contacted: 6, Contact: Spread{6, 90 * time.Minute, 26 * time.Hour, 3 * day, 3*day + 4*time.Hour},
			Withdrawn: 3, Reclaimed: 2, Escalated: 1, Late: Spread{6, 12 * time.Second, 59500 * time.Millisecond, time.Minute, time.Minute},
			Waited: 4, Qualified: 2, Moved: 3, Reminded: 9, Warned: 2, Again: 3, Nudged: 1,
		},
		Fairness: []TeamFairness{
			{Team: "kids", Always: 2, Spread: 1, Reps: []RepFigures{
				{Rep: "r1", Always: true, Offers: 6, Accepted: 5, Converted: 1}, {Rep: "r2", Always: true, Offers: 5, ByHand: 1, Claims: 2, Accepted: 4}, {Rep: "r3"}}},
			{Team: "schools"},
		},
		Pools: []PoolFigures{{Pool: "open-sea", In: 7, Claimed: 2, Woken: 1, Moved: 1, Closed: 1, Resting: Spread{N: 3, Median: 3 * time.Hour, P90: 50 * time.Hour}, Left: 2,
			Cycles: 2, Looks: map[lead.Did]int{lead.DidTouch: 5, lead.DidRoute: 3, lead.DidHold: 2, lead.DidRetire: 1}, Arms: [2]Arm{{8, 2, 1}, {2, 0, 0}}}},
		States:      []StateCount{{lead.StatePooled, []int{0, 1, 0, 1, 0, 0}, 2}, {lead.StateRouting, []int{0, 0, 0, 0, 0, 3}, 3}},
		Mails:       14,
		Repeated:    1,
		DeadLetters: 2,
		Faults:      []Count{{"killed", 3}, {"lost", 4}},
		Checks:      []CheckCount{{"one owner", 40, 0}, {"cap", 12, 1}},
		Violations:  []Violation{{Rule: "cap", At: begin.Add(90 * time.Minute), Lead: "l1", Text: "r1 holds 3 of 2"}},
	}
}

const smallPrinted = `2 days, 3 reps, about 10 enquiries a day, seed 7

At the door
  202 accepted                  21  87.5 %
  422 to be corrected            2   8.3 %
  no answer                      1   4.2 %

What became of submissions
  created                       17  81.0 %
  merged                         3  14.3 %
  quarantined                    1   4.8 %

Funnel                          leads  of the stage before  of all
  leads                            17
  offered                          12               70.6 %  70.6 %
  taken by a rep                    0                0.0 %   0.0 %
  followed up                       0                    -   0.0 %

In time                          share  median    90 %   99 %  longest
  offers accepted               75.0 %   4m00s  31m00s  1h00m    1h00m
  first contacts made           66.7 %   1h30m  26h00m  3d00h    3d04h
  system late by                         12.0s   59.5s  1m00s    1m00s

Not in time
  offers withdrawn              3  25.0 %
  leads taken back              2  22.2 %
  reminders to reps             9
  warnings to managers          2
  escalations                   1

On the way
  waits for a shift             4
  qualified for another team    2
  straight to another rep       3
  light touches on hold         1
  moved by a manager            3

Team kids                       offers  by hand  claimed  accepted  converted
  r1 *                               6        0        0         5          1  ####################
  r2 *                               5        1        2         4          0  #################
  r3                                 0        0        0         0          0
  * could take leads at any time: the offers of these 2 differ by 1

Team schools                    offers  by hand  claimed  accepted  converted

Pools                           in  claimed  by hand  woken  moved  closed  left  rested   90 %
  open-sea                       7        2        0      1      1       1     2   3h00m  2d02h

Looks into open-sea: 2 cycles   leads          replied          won
  worked                            8                2  25.0 %    1  12.5 %
    routed                          3  37.5 %
    touched                         5  62.5 %
  held out                          2                0   0.0 %    0   0.0 %
  archived                          1

Where every lead is             A+  A  B  C  D  all
  pooled                         0  1  0  1  0    2
  routing                        0  0  0  0  0    3

What people did                 done  refused  unanswered
  accept                           9        1           0
  log                             12        0           2

Messages and faults
  mails                           14
  mails sent again                 1
  calls and deliveries          1234
  faults survived                  7
    killed                         3
    lost                           4
  dead letters                     2

Checks                          times  broken
  one owner                        40       0
  cap                              12       1

Promises broken: 1. The first:
  2026-03-02 01:30:00  cap (lead l1): r1 holds 3 of 2
`

func TestReportIsPrinted(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	smallReport().Print(&b)
	var lines []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		lines = append(lines, strings.TrimRight(line, " "))
		if n := utf8.RuneCountInString(line); n > 100 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if got := strings.Join(lines, "\n"); got != smallPrinted {
		t.Errorf("printed:\n%s", got)
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	var values []time.Duration
	for i := range 100 {
		values = append(values, time.Duration(100-i)*time.Second)
	}
	if got, want := spreadOf(values), (Spread{100, 51 * time.Second, 91 * time.Second, 100 * time.Second, 100 * time.Second}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := spreadOf(nil); got != (Spread{}) {
		t.Errorf("%+v", got)
	}
	if got, want := spreadOf(values[:1]), (Spread{1, time.Second, time.Second, time.Second, time.Second}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
