package cli

// Nearest returns the candidate that a word is most like, or "" if it is like none:
// a third of its letters may be wrong, and two at least if it has four.
func Nearest(word string, candidates []string) string {
	best, limit := "", max(len(word)/3, min(len(word)/2, 2))
	for _, c := range candidates {
		if d := distance(word, c); d <= limit {
			best, limit = c, d-1
		}
	}
	return best
}

// Hint returns a question for the end of an error; nothing if no candidate is near.
func Hint(word string, candidates []string) string {
	if near := Nearest(word, candidates); near != "" {
		return "; did you mean " + quote(near) + "?"
	}
	return ""
}

// distance counts the letters that are inserted, left out, changed, or swapped with
// their neighbour.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
