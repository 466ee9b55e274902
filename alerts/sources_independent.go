package alerts

// IndependentSources counts the sources of reports, each given by what it may be
// known by: two that share anything are of one source, and so is whoever shares
// something with either. One that is known by nothing is a source of its own.
func IndependentSources(reports [][]uint64) int {
	parent := make([]int, len(reports))
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	first, n := map[uint64]int{}, len(reports)
	for i, marks := range reports {
		parent[i] = i
		for _, m := range marks {
			o, ok := first[m]
			if !ok {
				first[m] = i
				continue
			}
			if x, y := root(i), root(o); x != y {
				parent[x] = y
				n--
			}
		}
	}
	return n
}
