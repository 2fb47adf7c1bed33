package sim

import (
	"testing"
	"time"

	"sluice/shared/lead"
)

// job keeps a job, one version on, with an edit.
func (s *scene) job(edit func(j *lead.Job)) {
	s.t.Helper()
	j := lead.Job{ID: "j1", By: "max", Teams: []string{"kids", "maths"}, At: s.clock, Next: s.clock, To: lead.Goal{Pool: "open-sea"}}
	if known := s.checker.jobs["j1"]; known != nil {
		j = known.Job
	}
	j.Version++
	edit(&j)
	s.must(s.store.PutJob(s.ctx(), j))
}

// moves has the job move a lead.
func (s *scene) moves(id string, to lead.Move) {
	s.t.Helper()
	to.Why, to.Job = "ill", "j1"
	s.do(id, byManager, to)
}

var toOpen = lead.Move{Pool: "open-sea"}

func begins(*lead.Job) {}

// settles is the end of a job that has moved one lead.
func settles(s *scene) func(j *lead.Job) {
	return func(j *lead.Job) { j.Doing, j.Seen, j.Moved, j.Next, j.Ended = nil, 1, 1, time.Time{}, s.clock }
}

// notes are the leads that the job is about to move.
func notes(leads ...string) func(j *lead.Job) { return func(j *lead.Job) { j.Doing = leads } }

// TestBrokenJobs breaks by hand what must hold of jobs that move leads.
func TestBrokenJobs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rules []string
		play  func(s *scene)
	}{
		"a job that there is not": {[]string{"jobs"}, func(s *scene) { s.moves(s.offers(0), toOpen) }},
		"a job written over": {[]string{"versions"}, func(s *scene) {
			s.job(begins)
			s.lawless = true
			s.job(func(j *lead.Job) { j.Version = 1 })
		}},
		"a job that begins again": {[]string{"jobs"}, func(s *scene) {
			s.job(func(j *lead.Job) { j.Next, j.Ended = time.Time{}, s.clock })
			s.job(func(j *lead.Job) { j.Next, j.Ended = s.clock, time.Time{} })
		}},
		"a job that becomes another's": {[]string{"jobs"}, func(s *scene) {
			s.job(begins)
			s.job(func(j *lead.Job) { j.By = "mona" })
		}},
		"a job that asks for something else": {[]string{"jobs"}, func(s *scene) {
			s.job(begins)
			s.job(func(j *lead.Job) { j.To = lead.Goal{Anew: true} })
		}},
		"a job that nobody finds": {[]string{"index"}, func(s *scene) {
			s.put("JOB", "j1", map[string]any{"v": 1, "doc": `{"id":"j1","v":1,"next":"2026-03-02T10:00:00Z"}`})
		}},
		"a lead that was not noted": {[]string{"jobs"}, func(s *scene) {
			s.job(begins)
			s.moves(s.offers(0), toOpen)
		}},
		"a lead moved twice": {[]string{"jobs"}, func(s *scene) {
			s.job(func(j *lead.Job) { j.To = lead.Goal{Team: "kids"} })
			id := s.offers(0)
			s.job(notes(id))
			s.moves(id, lead.Move{Rep: s.rep(1), Team: "kids"})
			s.moves(id, lead.Move{Rep: s.rep(2), Team: "kids"})
		}},
		"a lead moved elsewhere": {[]string{"jobs"}, func(s *scene) {
			s.job(begins)
			id := s.offers(0)
			s.job(notes(id))
			s.moves(id, lead.Move{Anew: true})
		}},
		"a lead moved to another rep": {[]string{"jobs"}, func(s *scene) {
			s.job(func(j *lead.Job) { j.To = lead.Goal{Rep: s.rep(2)} })
			id := s.offers(0)
			s.job(notes(id))
			s.moves(id, lead.Move{Rep: s.rep(1), Team: "kids"})
		}},
		"a job that does not end": {[]string{"jobs"}, func(s *scene) {
			s.job(begins)
			s.checker.quiet()
		}},
		"a lead that is not counted": {[]string{"jobs"}, func(s *scene) {
			s.job(begins)
			id := s.offers(0)
			s.job(notes(id))
			s.moves(id, toOpen)
			s.job(func(j *lead.Job) { j.Doing, j.Next, j.Ended = nil, time.Time{}, s.clock })
			s.checker.quiet()
		}},
		"a lead that is counted twice": {[]string{"jobs"}, func(s *scene) {
			s.job(begins)
			id := s.offers(0)
			s.job(notes(id))
			s.moves(id, toOpen)
			s.job(func(j *lead.Job) { settles(s)(j); j.Moved, j.Seen = 2, 2 })
			s.checker.quiet()
		}},
		"a message of a job to another": {[]string{"told when true"}, func(s *scene) {
			s.job(func(j *lead.Job) { j.To = lead.Goal{Rep: s.rep(1)} })
			id := s.offers(0)
			s.job(notes(id))
			s.moves(id, lead.Move{Rep: s.rep(1), Team: "kids"})
			s.send("j1-"+s.rep(1)+"-moved", s.reps[2].Email)
		}},
		"a message of a job that shows a name": {[]string{"privacy"}, func(s *scene) {
			s.job(func(j *lead.Job) { j.To = lead.Goal{Rep: s.rep(1)} })
			id := s.offers(0)
			s.job(notes(id))
			s.moves(id, lead.Move{Rep: s.rep(1), Team: "kids"})
			_, err := s.store.BeginDelivery(s.ctx(), "j1-"+s.rep(1)+"-moved", s.clock, s.clock.Add(time.Minute))
			s.must(err)
			s.checker.mailed("j1-"+s.rep(1)+"-moved", s.reps[1].Email, []byte("Mrs Quillon"), false)
		}},
	} {
		t.Run(name, func(t *testing.T) { breaks(t, test.rules, test.play) })
	}
}

// TestJobs plays jobs as they should be.
func TestJobs(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(s *scene){
		"into a pool": func(s *scene) {
			s.job(begins)
			id := s.offers(0)
			s.job(notes(id))
			s.moves(id, toOpen)
			s.job(settles(s))
		},
		"two leads to a rep, who is told once": func(s *scene) {
			s.job(func(j *lead.Job) { j.To = lead.Goal{Rep: s.rep(1)} })
			first, second := s.offers(0), s.works(0)
			s.job(notes(first, second))
			s.moves(first, lead.Move{Rep: s.rep(1), Team: "kids"})
			s.send("j1-"+s.rep(1)+"-moved", s.reps[1].Email)
			s.moves(second, lead.Move{Rep: s.rep(1), Team: "kids"})
			s.send("j1-"+s.rep(1)+"-moved", s.reps[1].Email)
			s.job(func(j *lead.Job) {
				settles(s)(j)
				j.Seen, j.Moved, j.Given, j.Skipped = 3, 2, map[string]int{s.rep(1): 2}, map[string]int{"it is over": 1}
			})
		},
		"stopped in the middle": func(s *scene) {
			s.job(begins)
			id := s.offers(0)
			s.job(notes(id))
			s.moves(id, toOpen)
			s.job(func(j *lead.Job) { j.Next, j.Ended, j.Halted = time.Time{}, s.clock, true })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			play(s)
			s.checker.tick(s.clock, false)
			s.checker.jobsEnded()
			if len(s.broken) > 0 {
				t.Errorf("broken: %v", s.broken)
			}
		})
	}
}
