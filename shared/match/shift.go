package match

// shift finds values that stand in another column of the other row: names the
// wrong way round, parts of an address a line lower. Each such value counts
// once, in the first column that takes part.
func shift(group []int, a, b []*value, levels []uint8) {
	open := 0
	for _, c := range group {
		if levels[c] < near && (!a[c].missing() || !b[c].missing()) {
			open++
		}
	}
	if open < 2 {
		return
	}
	var usedA, usedB, touched uint64
	crossed := 0
	for _, i := range group {
		for _, j := range group {
			if i == j || levels[i] >= near || levels[j] >= near || usedA>>i&1 == 1 || usedB>>j&1 == 1 ||
				a[i].missing() || b[j].missing() || !crosses(a[i], b[j]) {
				continue
			}
			usedA |= 1 << i
			usedB |= 1 << j
			touched |= 1<<i | 1<<j
			crossed++
			break
		}
	}
	if crossed == 0 {
		return
	}
	conflict := false // something is left over on both sides
	for _, i := range group {
		for _, j := range group {
			conflict = conflict || touched>>i&1 == 1 && touched>>j&1 == 1 &&
				usedA>>i&1 == 0 && usedB>>j&1 == 0 && !a[i].missing() && !b[j].missing()
		}
	}
	for _, c := range group {
		switch {
		case touched>>c&1 == 0:
		case conflict: // Klaus Wolf and Wolf Schmidt are two
			levels[c] = different
		case crossed > 0:
			levels[c] = moved
			crossed--
		default:
			levels[c] = missing
		}
	}
}

// crosses reports whether values of two columns are one that was shifted.
func crosses(a, b *value) bool {
	if a.key == b.key {
		return len(a.runes) > 1
	}
	return alike(a.spelling, b.spelling)
}
