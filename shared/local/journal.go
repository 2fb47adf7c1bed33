package local

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// A journal is the history of one queue: a file of JSON lines, each an entry.
// A line counts once its newline is there. Every append is one write that has
// returned before the caller is answered, so an accepted message survives the
// death of the process. There is no fsync: the threat here is kill -9, not a
// power cut, and a write that returned belongs to the kernel.
type journal struct {
	path string
	file *os.File
	size int64        // bytes of whole lines
	lost error        // why nothing can be appended any more
	line bytes.Buffer // reused
	code *json.Encoder
}

// entry is one line; exactly one field is set.
type entry struct {
	Queue   *queueEntry   `json:"queue,omitempty"` // first line, and after each change
	Send    *message      `json:"send,omitempty"`
	Receive *receiveEntry `json:"receive,omitempty"`
	Delete  []string      `json:"delete,omitempty"`
	Purge   bool          `json:"purge,omitempty"`
}

type queueEntry struct {
	Name       string            `json:"name"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Created    int64             `json:"created"`  // epoch ms
	Modified   int64             `json:"modified"` // epoch ms
}

type receiveEntry struct {
	IDs []string `json:"ids"`
	At  int64    `json:"at"` // epoch ms
}

// journalState is what a journal's lines amount to.
type journalState struct {
	queue    *queueEntry // nil when the file holds no whole line
	messages []*message  // not deleted, in order of arrival
}

// createJournal writes a journal that holds just the queue and its messages,
// and puts it in the place of an older one in one step.
func createJournal(path string, q *queueEntry, messages []*message) (*journal, error) {
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create journal: %w", err)
	}
	j := &journal{path: path, file: file}
	j.code = json.NewEncoder(&j.line)
	j.code.SetEscapeHTML(false)
	err = j.append(entry{Queue: q})
	const chunk = 64 // messages a write
	for len(messages) > 0 && err == nil {
		n := min(chunk, len(messages))
		entries := make([]entry, n)
		for i, m := range messages[:n] {
			entries[i].Send = m
		}
		messages = messages[n:]
		err = j.append(entries...)
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return nil, fmt.Errorf("write journal: %w", errors.Join(err, file.Close()))
	}
	return j, nil
}

// append writes the entries in one write, or none of them. A nil journal, that
// of a queue in memory, takes everything.
func (j *journal) append(entries ...entry) error {
	if j == nil || len(entries) == 0 {
		return nil
	}
	if j.lost != nil {
		return j.lost
	}
	j.line.Reset()
	for _, e := range entries {
		before := j.line.Len()
		if err := j.code.Encode(e); err != nil {
			return fmt.Errorf("encode journal entry: %w", err)
		}
		if e.Send != nil {
			e.Send.size = int64(j.line.Len() - before)
		}
	}
	n, err := j.file.Write(j.line.Bytes())
	if err == nil {
		j.size += int64(n)
		return nil
	}
	err = fmt.Errorf("append to journal: %w", err)
	if n > 0 {
		// Half a line must go before anything follows it.
		if cut := j.file.Truncate(j.size); cut != nil {
			j.lost = errors.Join(err, cut)
		}
	}
	return err
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	return j.file.Close()
}

// readJournal sums a journal up. A last line without its newline was never
// answered for and is left out; any other line that cannot be read is an
// error, since what follows from it is unknown.
func readJournal(r io.Reader) (journalState, error) {
	var state journalState
	byID := map[string]*message{}
	in := bufio.NewReaderSize(r, 1<<16)
	for number := 1; ; number++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // with or without a torn line
		}
		if err != nil {
			return journalState{}, fmt.Errorf("read journal: %w", err)
		}
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return journalState{}, fmt.Errorf("read journal: line %d: %w", number, err)
		}
		if err := state.apply(e, byID); err != nil {
			return journalState{}, fmt.Errorf("read journal: line %d: %w", number, err)
		}
	}
	kept := state.messages[:0]
	for _, m := range state.messages {
		if !m.gone {
			kept = append(kept, m)
		}
	}
	state.messages = kept
	return state, nil
}

func (s *journalState) apply(e entry, byID map[string]*message) error {
	switch {
	case e.Queue != nil:
		s.queue = e.Queue
	case s.queue == nil:
		return errors.New("an entry before that of the queue")
	case e.Send != nil:
		if e.Send.ID == "" || byID[e.Send.ID] != nil {
			return fmt.Errorf("message %q sent twice or without an id", e.Send.ID)
		}
		byID[e.Send.ID] = e.Send
		s.messages = append(s.messages, e.Send)
	case e.Receive != nil:
		for _, id := range e.Receive.IDs {
			if m := byID[id]; m != nil {
				m.received(e.Receive.At)
			}
		}
	case e.Purge:
		for _, m := range byID {
			m.gone = true
		}
		clear(byID)
	default:
		for _, id := range e.Delete {
			if m := byID[id]; m != nil {
				m.gone = true
				delete(byID, id)
			}
		}
	}
	return nil
}

// received counts a delivery at the given moment, epoch milliseconds.
func (m *message) received(at int64) {
	if m.Receives++; m.Receives == 1 {
		m.First = at
	}
}
