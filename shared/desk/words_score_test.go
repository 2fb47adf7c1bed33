package desk_test

import (
	"testing"

	"sluice/shared/app"
	"sluice/shared/desk"
	"sluice/shared/lead"
)

func TestScoresInWords(t *testing.T) {
	t.Parallel()
	was := &app.Standing{Grade: "B", Maturity: lead.Warm, Fit: 55, Behaviour: 25}
	is := func(change func(*app.Standing)) *app.Standing {
		s := *was
		change(&s)
		return &s
	}
	signals := []app.SignalView{{Kind: lead.SignalVisit}, {Kind: lead.SignalClick}, {Kind: lead.SignalVisit}}
	for _, c := range []struct {
		en, zh string
		e      app.Event
	}{
		{"Graded B, fit 55, behaviour 25, warm", "评为 B 级，匹配度 55, 行为 25, 温", app.Event{Kind: "scored", Score: was}},
		{"Graded B, fit 55, behaviour 25, chance 4.2 %, warm", "评为 B 级，匹配度 55, 行为 25, 转化概率 4.2 %, 温", app.Event{Kind: "scored", Score: is(func(s *app.Standing) { s.Chance = 0.042 })}},
		{"Grade B → A, behaviour 25 → 47: signals of interest", "等级 B → A, 行为 25 → 47: 兴趣信号",
			app.Event{Kind: "scored", Was: was, Cause: "signals", Score: is(func(s *app.Standing) { s.Grade, s.Behaviour = "A", 47 })}},
		{"Maturity warm → hot, chance – → 40 %: policy 3, model 1", "成熟度 温 → 热, 转化概率 – → 40 %: policy 3, model 1",
			app.Event{Kind: "scored", Was: was, Cause: "policy 3, model 1", Score: is(func(s *app.Standing) { s.Maturity, s.Chance = lead.Hot, 0.4 })}},
		{"Scored anew, to the same", "重新评分，结果不变", app.Event{Kind: "scored", Was: was, Score: was}},
		{"Signals of interest: Links clicked, 2 × Pages visited", "兴趣信号：点击链接, 2 × 访问页面", app.Event{Kind: "engaged", Signals: signals}},
	} {
		if got := desk.What("en", c.e); got != c.en {
			t.Errorf("told is %q, want %q", got, c.en)
		}
		if got := desk.What("zh", c.e); got != c.zh {
			t.Errorf("in Chinese told is %q, want %q", got, c.zh)
		}
	}
}
