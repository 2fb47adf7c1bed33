package match

// sets are disjoint sets of rows. The root of a set is its smallest row.
type sets struct{ parent []int32 }

func newSets(n int) *sets {
	s := &sets{parent: make([]int32, n)}
	for i := range s.parent {
		s.parent[i] = int32(i)
	}
	return s
}

func (s *sets) root(i int) int {
	for int(s.parent[i]) != i {
		s.parent[i] = s.parent[s.parent[i]]
		i = int(s.parent[i])
	}
	return i
}

// join makes one set of two, and reports whether they were two.
func (s *sets) join(i, j int) bool {
	i, j = s.root(i), s.root(j)
	if i == j {
		return false
	}
	s.parent[max(i, j)] = int32(min(i, j))
	return true
}

// roots returns the root of every row.
func (s *sets) roots() []int32 {
	roots := make([]int32, len(s.parent))
	for i := range roots {
		roots[i] = int32(s.root(i))
	}
	return roots
}
