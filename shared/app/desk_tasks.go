package app

import (
	"context"
	"fmt"
	"slices"

	"sluice/shared/lead"
)

// TaskList is what a rep is to do, the most pressing first.
type TaskList struct {
	Tasks []Task `json:"tasks"`
	Cut   bool   `json:"cut"` // the rep holds more leads than were looked at
}

// Task is what a rep is to do about one lead: see [lead.Tasks].
type Task struct {
	lead.Task
	Lead  Summary  `json:"lead"`
	Ways  []string `json:"ways,omitempty"`  // that the policy suggests
	Reach *Reach   `json:"reach,omitempty"` // whether the person may be contacted now
}

// tasksMost bounds the leads that a task list is made of; the best graded and
// oldest are looked at.
const tasksMost = 300

// Tasks lists what a rep is to do: their own tasks where rep is empty, and of
// another rep for whoever sees their inbox.
func (d *Desk) Tasks(ctx context.Context, u User, rep string) (TaskList, error) {
	rep, err := d.heldBy(ctx, u, rep)
	if err != nil {
		return TaskList{}, err
	}
	v, err := d.viewer(ctx, u)
	if err != nil {
		return TaskList{}, err
	}
	leads, cut, err := d.holdings(ctx, rep)
	if err != nil {
		return TaskList{}, err
	}
	held := map[string]lead.Lead{}
	leads = slices.DeleteFunc(leads, func(l lead.Lead) bool { return l.Owner() != rep || v.sight(l) == unseen })
	for _, l := range leads {
		held[l.ID] = l
	}
	tasks := lead.Tasks(leads, v.pol.Rules, v.pol.Value, v.now)
	leads = leads[:0]
	for _, t := range tasks {
		leads = append(leads, held[t.Lead])
	}
	persons, err := d.persons(ctx, leads)
	if err != nil {
		return TaskList{}, err
	}
	out, name := TaskList{Tasks: []Task{}, Cut: cut}, d.names(v.pol).rep(ctx, rep)
	for i, l := range leads {
		task := Task{Task: tasks[i], Lead: v.summary(l), Ways: v.pol.Ways(l.Grade)}
		task.Lead.Rep.Name = name
		if sees := v.sight(l); sees >= masked {
			person, ok := persons[l.Person]
			if !ok {
				return TaskList{}, fmt.Errorf("read person of lead %s: none", l.ID)
			}
			task.Reach = reach(v.pol, person, l, v.now)
			if task.Lead.Contact, err = d.contact(ctx, person, sees); err != nil {
				return TaskList{}, err
			}
		}
		out.Tasks = append(out.Tasks, task)
	}
	d.revealed(ctx, u, leads, v.sight)
	return out, nil
}

// holdings reads what a rep holds; cut says that there is more.
func (d *Desk) holdings(ctx context.Context, rep string) (leads []lead.Lead, cut bool, err error) {
	ids, cursor, err := d.Store.Inbox(ctx, rep, Page{Limit: tasksMost})
	if err != nil {
		return nil, false, err
	}
	leads, err = d.Store.Leads(ctx, ids)
	return leads, cursor != "", err
}
