package passes

// Precision says how seldom what the check reports is not so, in the words that SARIF
// viewers know: very-high where at most 5 % was false on code that no rule was written
// on, high with at most 15 %, medium with at most 40 %, and low. Of a check of the core
// its core findings count. Source: testdata/corpus; medium where that has too few.
func Precision(check string) string {
	switch check {
	case "endless", "unjoined":
		return "very-high"
	case "ignoredstop", "uninterruptible":
		return "high"
	case "detached", "dirtystop":
		return "low"
	}
	return "medium"
}
