package table

import "strings"

// index is a sparse index: it has the items that have both its key attributes.
// now is as the items are, seen as queries see it; without lag both are one.
type index struct {
	name, hash, sort string // the name, and those of the key attributes
	now, seen        entries
	parted           bool // now and seen are two
}

// entries are an index's partitions.
type entries map[string]*list[entry]

// entry is one item in an index. Entries with the same sort key are in the order
// of their items' keys; the service promises none.
type entry struct{ sort, pk, sk string }

func (e *entry) before(o *entry) bool {
	if c := strings.Compare(e.sort, o.sort); c != 0 {
		return c < 0
	}
	if c := strings.Compare(e.pk, o.pk); c != 0 {
		return c < 0
	}
	return e.sk < o.sk
}

func (all entries) clone() entries {
	out := make(entries, len(all))
	for partition, list := range all {
		out[partition] = list.clone()
	}
	return out
}

func (all entries) insert(partition string, e entry) {
	part := all[partition]
	if part == nil {
		part = newListOf[entry]()
		all[partition] = part
	}
	part.insert(part.seek(func(o *entry) bool { return o.before(&e) }), e)
}

func (all entries) remove(partition string, e entry) {
	part := all[partition]
	part.remove(part.seek(func(o *entry) bool { return o.before(&e) }))
	if part.empty() {
		delete(all, partition)
	}
}

// partIndexes lets queries see other entries than there are.
func (m *Model) partIndexes() {
	for i := range m.indexes {
		if x := &m.indexes[i]; !x.parted {
			x.seen, x.parted = x.now.clone(), true
		}
	}
}

// place is an item's place in the index: two texts, or none.
func (x *index) place(s *stored) (hash, sort value, ok bool) {
	hash = find(s, x.hash)
	if hash.kind != textKind {
		return value{}, value{}, false
	}
	sort = find(s, x.sort)
	return hash, sort, sort.kind == textKind
}

// move brings an index up to date with a change of an item.
func (x *index) move(all entries, before, after *stored) {
	hash, sort, was := x.place(before)
	newHash, newSort, is := x.place(after)
	if was && is && equal(hash, newHash) && equal(sort, newSort) {
		return
	}
	if was {
		all.remove(string(hash.text()), entry{string(sort.text()), before.pk, before.sk})
	}
	if is {
		all.insert(string(newHash.text()), entry{string(newSort.text()), after.pk, after.sk})
	}
}

// checkIndexKeys refuses an item whose index keys are of another type or empty.
func (m *Model) checkIndexKeys(fields []field) *fault {
	for _, f := range fields {
		for i := range m.indexes {
			x := &m.indexes[i]
			if name := string(f.name); name != x.hash && name != x.sort {
				continue
			}
			switch {
			case f.value.kind == numberKind || f.value.kind == binaryKind:
				bad := invalid("One or more parameter values were invalid: Type mismatch for Index Key %s Expected: S Actual: %s IndexName: %s",
					f.name, kindNames[f.value.kind], x.name)
				bad.ofWrite = true
				return bad
			case f.value.kind != textKind:
				return invalid("Invalid attribute value type")
			case f.value.size == 0:
				return invalid("One or more parameter values are not valid. A value specified for a secondary index key is not supported. "+
					"The AttributeValue for a key attribute cannot contain an empty string value. IndexName: %s, IndexKey: %s", x.name, f.name)
			case string(f.name) == x.hash && f.value.size > mostPK, string(f.name) == x.sort && f.value.size > mostSK:
				return invalid("One or more parameter values were invalid: Size of index key %s has exceeded the maximum size limit", f.name)
			}
		}
	}
	return nil
}
