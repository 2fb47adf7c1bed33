package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sluice/shared/lead"
	"sluice/shared/leadtest"
)

// TestKillNineLosesNothing kills the whole command with 500 posts in flight and
// looks at what became of those that were answered with success.
func TestKillNineLosesNothing(t *testing.T) {
	if os.Getenv("AWS_ENDPOINT_URL") != "" {
		t.Skip("somebody else's endpoint outlives the command")
	}
	leadtest.Engine(t) // skips where there is none
	folder := t.TempDir()
	first := startRun(t, folder)
	engines := children(t, first.cmd.Process.Pid)
	answers := first.postAndKill(t, 500, 150)
	await(t, "end of the engine with its parent", 5*time.Second, func() bool {
		return !anyAlive(engines) && !listening(first.edge) && !listening(first.front)
	})

	// It comes back when what was in hand is free again: a delivery that died
	// keeps others away from its notice for less than a minute.
	s := open(t, systemOptions{folder: folder, now: func() time.Time { return time.Now().Add(time.Minute) }})
	settle(t, s)
	checkNothingLost(t, s, answers)
}

// runProcess is a `sluice run` in a process of its own.
type runProcess struct {
	cmd         *exec.Cmd
	front, edge string
}

func startRun(t *testing.T, folder string) *runProcess {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := &runProcess{cmd: exec.Command(self, "run", "-dir", folder, "-http", "127.0.0.1:0", "-edge", "127.0.0.1:0", "-quiet")}
	r.cmd.Env = append(os.Environ(), commandEnv+"=1")
	r.cmd.Stderr = os.Stderr
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.cmd.Process.Kill() })
	for lines := bufio.NewScanner(out); r.edge == "" && lines.Scan(); {
		text := strings.Fields(lines.Text())
		switch {
		case len(text) >= 2 && text[0] == "Desk":
			r.front = strings.TrimSuffix(text[1], "/")
		case len(text) >= 3 && text[0] == "AWS":
			r.edge = text[2]
		}
	}
	if r.front == "" || r.edge == "" {
		t.Fatal("run ended without telling its addresses")
	}
	return r
}

// postAndKill posts all at once, kills the process after so many were accepted,
// and returns the ids of all that were.
func (r *runProcess) postAndKill(t *testing.T, posts, killAfter int) (acceptedIDs []string) {
	t.Helper()
	people := &enquirer{random: rand.New(rand.NewPCG(9, 9))}
	answers := make([]posted, posts)
	var taken atomic.Int64
	kill := sync.OnceFunc(func() { _ = r.cmd.Process.Kill() })
	var group sync.WaitGroup
	for i := range answers {
		form, values := people.next()
		group.Go(func() {
			answers[i] = post(t.Context(), r.front+"/f/"+form, values)
			if answers[i].status == http.StatusAccepted && taken.Add(1) == int64(killAfter) {
				kill()
			}
		})
	}
	group.Wait()
	kill()
	_ = r.cmd.Wait()
	statuses := tally{}
	for _, a := range answers {
		statuses[fmt.Sprint(a.status)]++
		if a.status == http.StatusAccepted && a.submission != "" {
			acceptedIDs = append(acceptedIDs, a.submission)
		}
	}
	t.Logf("answers before the kill, by status (0 is none): %v", statuses)
	if len(acceptedIDs) < killAfter || statuses["0"] == 0 {
		t.Fatalf("%d posts were accepted and %d cut off: the kill did not hit", len(acceptedIDs), statuses["0"])
	}
	return acceptedIDs
}

// checkNothingLost wants one outcome of each submission, a deadline of each
// lead, and one mail of each offer.
func checkNothingLost(t *testing.T, s *system, submissions []string) {
	t.Helper()
	outcomes, leads := tally{}, map[string]bool{}
	for _, id := range submissions {
		sub, err := s.table.Submission(t.Context(), id)
		if err != nil {
			t.Errorf("submission %s was answered with success and has no outcome: %v", id, err)
			continue
		}
		outcomes[string(sub.Outcome)]++
		switch sub.Outcome {
		case lead.OutcomeCreated, lead.OutcomeMerged:
			leads[sub.Lead] = true
		case lead.OutcomeQuarantined:
		default:
			t.Errorf("submission %s ended as %q", id, sub.Outcome)
		}
	}
	told, offers := tally{}, 0 // submissions in histories
	for id := range leads {
		l, err := s.table.Lead(t.Context(), id)
		if err != nil {
			t.Errorf("lead %s: %v", id, err)
			continue
		}
		if !l.State.Open() || l.Deadline == nil {
			t.Errorf("lead %s is %s with deadline %v", id, l.State, l.Deadline)
		}
		offers += checkHistory(t, s, l, told)
	}
	for _, id := range submissions {
		if sub, _ := s.table.Submission(t.Context(), id); sub.Lead != "" && told[id] != 1 {
			t.Errorf("submission %s is told %d times in its lead's history", id, told[id])
		}
	}
	for _, name := range queueNames {
		if n := inQueue(t, s, name+"-dlq"); n != "0" {
			t.Errorf("%s dead letters in %s", n, name)
		}
	}
	if half := mails(t, s, "*.part"); len(half) > 0 {
		t.Errorf("half written mails are left: %v", half)
	}
	t.Logf("outcomes %v, %d leads, %d offers", outcomes, len(leads), offers)
	if outcomes["created"] == 0 || outcomes["merged"] == 0 || offers == 0 {
		t.Error("the posts did not cover what they should")
	}
}

// checkHistory counts the submissions that a lead's history tells of, and wants
// one mail for each of its offers, whose number it returns.
func checkHistory(t *testing.T, s *system, l lead.Lead, told tally) (offers int) {
	t.Helper()
	history, _, err := s.table.History(t.Context(), l.ID, lead.Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range history {
		for _, e := range entry.Events {
			switch e := e.(type) {
			case lead.Captured:
				told[e.Submission]++
			case lead.Touched:
				told[e.Submission]++
			case lead.Offered:
				offers++
				if n := len(mails(t, s, fmt.Sprintf("%s-%d-offered.eml", l.ID, entry.Version))); n != 1 || l.Owner() != e.Rep {
					t.Errorf("lead %s of %s: the offer to %s was told by %d mails", l.ID, l.Owner(), e.Rep, n)
				}
			}
		}
	}
	if all := len(mails(t, s, l.ID+"-*-offered.eml")); all != offers {
		t.Errorf("lead %s: %d mails tell of %d offers", l.ID, all, offers)
	}
	return offers
}

// children lists the processes that a process started; none where the system
// does not say.
func children(t *testing.T, pid int) (pids []int) {
	t.Helper()
	if runtime.GOOS != "linux" {
		return nil
	}
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range lists {
		text, _ := os.ReadFile(list) // a thread may have ended
		for _, field := range strings.Fields(string(text)) {
			child, err := strconv.Atoi(field)
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, child)
		}
	}
	if len(pids) == 0 {
		t.Logf("this kernel does not list the children of process %d", pid)
	}
	return pids
}

// anyAlive says whether one of the processes still runs; one that nobody has
// waited for does not.
func anyAlive(pids []int) bool {
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if _, after, ok := strings.Cut(string(stat), ") "); err == nil && ok && !strings.HasPrefix(after, "Z") {
			return true
		}
	}
	return false
}

// listening says whether somebody answers at a URL's address.
func listening(url string) bool {
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(url, "http://"), time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}
