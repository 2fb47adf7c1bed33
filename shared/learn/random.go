package learn

// random is SplitMix64 (Steele, Lea, Flood 2014): folds are the same for the same
// seed, on every machine.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// shuffle puts the rows into an order of chance.
func (r *random) shuffle(rows []int32) {
	for i := len(rows) - 1; i > 0; i-- {
		j := int(r.next() % uint64(i+1))
		rows[i], rows[j] = rows[j], rows[i]
	}
}

// deal gives each row a fold, with as many positives in each fold.
func deal(positive []bool, folds int, r *random) []uint8 {
	var yes, no []int32
	for i, p := range positive {
		if p {
			yes = append(yes, int32(i))
		} else {
			no = append(no, int32(i))
		}
	}
	r.shuffle(yes)
	r.shuffle(no)
	fold := make([]uint8, len(positive))
	for i, row := range append(yes, no...) {
		fold[row] = uint8(i % folds)
	}
	return fold
}
