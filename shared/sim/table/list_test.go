package table

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func seekInt(n int) func(*int) bool { return func(e *int) bool { return *e < n } }

// forward and backward list all entries.
func forward(l *list[int]) (all []int) {
	for p := l.seek(func(*int) bool { return false }); l.get(p) != nil; p = l.next(p) {
		all = append(all, *l.get(p))
	}
	return all
}

func backward(l *list[int]) (all []int) {
	for p := l.previous(l.seek(func(*int) bool { return true })); l.get(p) != nil; p = l.previous(p) {
		all = append(all, *l.get(p))
	}
	return all
}

// toggle inserts or removes, in the list and in a plain sorted slice.
func toggle(t testing.TB, l *list[int], want []int, n int) []int {
	i, found := slices.BinarySearch(want, n)
	p := l.seek(seekInt(n))
	if e := l.get(p); (e != nil && *e == n) != found {
		t.Fatalf("entry %d: found %v", n, e)
	}
	if found {
		l.remove(p)
		return slices.Delete(want, i, i+1)
	}
	if at := l.insert(p, n); *l.get(at) != n {
		t.Fatalf("entry %d was inserted elsewhere", n)
	}
	return slices.Insert(want, i, n)
}

// TestListIsSorted grows a list to thousands of entries, in some hundred chunks,
// and shrinks it to nothing.
func TestListIsSorted(t *testing.T) {
	t.Parallel()
	l, want, chance := newListOf[int](), []int{}, rand.New(rand.NewPCG(1, 2))
	check := func() {
		t.Helper()
		if got := forward(l); !slices.Equal(got, want) || l.empty() != (len(want) == 0) {
			t.Fatalf("forward %v, want %v", got, want)
		}
		copied := l.clone()
		got := backward(copied)
		if slices.Reverse(got); !slices.Equal(got, want) {
			t.Fatalf("backward %v, want %v", got, want)
		}
	}
	for range 20 {
		for range 1000 {
			want = toggle(t, l, want, chance.IntN(30_000))
		}
		check()
	}
	if len(l.chunks) < 50 {
		t.Errorf("%d entries are in %d chunks", len(want), len(l.chunks))
	}
	for len(want) > 0 {
		want = toggle(t, l, want, want[chance.IntN(len(want))])
		if len(want)%500 == 0 {
			check()
		}
	}
}

func TestListCloneIsIndependent(t *testing.T) {
	t.Parallel()
	l, want := newListOf[int](), []int(nil)
	for n := range 1000 {
		want = toggle(t, l, want, n)
	}
	copied := l.clone()
	for n := range 900 {
		toggle(t, l, slices.Clone(forward(l)), n)
	}
	if got := forward(copied); !slices.Equal(got, want) {
		t.Errorf("the copy has %d entries, want 1000", len(got))
	}
}

// BenchmarkListInsert inserts into a list as long as a busy partition.
func BenchmarkListInsert(b *testing.B) {
	for _, n := range []int{100, 50_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			l, chance := newListOf[int](), rand.New(rand.NewPCG(1, 2))
			for range n {
				x := chance.Int()
				l.insert(l.seek(seekInt(x)), x)
			}
			for b.Loop() {
				x := chance.Int()
				p := l.insert(l.seek(seekInt(x)), x)
				l.remove(p)
			}
		})
	}
}
