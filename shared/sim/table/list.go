package table

import "slices"

// chunkMost bounds how many entries an insertion has to move.
const chunkMost = 256

// list keeps entries sorted, in chunks, so that one of many thousands of
// entries takes an insertion as well as one of three. The order is its users':
// they say where an entry belongs by seeking.
type list[T any] struct{ chunks [][]T }

// newListOf is an empty list with room for the only chunk that most have.
func newListOf[T any]() *list[T] {
	l := new(struct {
		list[T]
		first [1][]T
	})
	l.chunks = l.first[:0]
	return &l.list
}

// place is where an entry is, or would be: a chunk and an offset in it.
type place struct{ chunk, at int }

// seek returns the place of the first entry that is not before what is sought.
func (l *list[T]) seek(before func(*T) bool) place {
	low, high := 0, len(l.chunks)
	for low < high {
		mid := (low + high) / 2
		if chunk := l.chunks[mid]; before(&chunk[len(chunk)-1]) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == len(l.chunks) {
		return place{chunk: low}
	}
	chunk, first, last := l.chunks[low], 0, len(l.chunks[low])
	for first < last {
		mid := (first + last) / 2
		if before(&chunk[mid]) {
			first = mid + 1
		} else {
			last = mid
		}
	}
	return place{chunk: low, at: first}
}

// get returns the entry at a place, nil beyond both ends.
func (l *list[T]) get(p place) *T {
	if p.chunk < 0 || p.chunk >= len(l.chunks) {
		return nil
	}
	return &l.chunks[p.chunk][p.at]
}

func (l *list[T]) next(p place) place {
	if p.at+1 < len(l.chunks[p.chunk]) {
		return place{p.chunk, p.at + 1}
	}
	return place{chunk: p.chunk + 1}
}

func (l *list[T]) previous(p place) place {
	switch {
	case p.at > 0:
		return place{p.chunk, p.at - 1}
	case p.chunk == 0:
		return place{chunk: -1}
	}
	return place{p.chunk - 1, len(l.chunks[p.chunk-1]) - 1}
}

// insert puts an entry before the one at the place, which [list.seek] found, and
// returns where it is.
func (l *list[T]) insert(p place, entry T) place {
	if len(l.chunks) == 0 {
		l.chunks = append(l.chunks, []T{entry})
		return place{}
	}
	if p.chunk == len(l.chunks) {
		p = place{p.chunk - 1, len(l.chunks[p.chunk-1])}
	}
	chunk := slices.Insert(l.chunks[p.chunk], p.at, entry)
	l.chunks[p.chunk] = chunk
	half := len(chunk) / 2
	if len(chunk) <= chunkMost {
		return p
	}
	l.chunks = slices.Insert(l.chunks, p.chunk+1, slices.Clone(chunk[half:]))
	clear(chunk[half:])
	l.chunks[p.chunk] = chunk[:half]
	if p.at >= half {
		return place{p.chunk + 1, p.at - half}
	}
	return p
}

func (l *list[T]) remove(p place) {
	if len(l.chunks[p.chunk]) == 1 {
		l.chunks = slices.Delete(l.chunks, p.chunk, p.chunk+1)
		return
	}
	l.chunks[p.chunk] = slices.Delete(l.chunks[p.chunk], p.at, p.at+1)
}

func (l *list[T]) empty() bool { return len(l.chunks) == 0 }

// clone copies the list, not what its entries point to.
func (l *list[T]) clone() *list[T] {
	out := &list[T]{chunks: make([][]T, len(l.chunks))}
	for i, chunk := range l.chunks {
		out.chunks[i] = slices.Clone(chunk)
	}
	return out
}
