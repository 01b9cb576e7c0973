package edit

// A Builder makes the fix for the remedy of a site. The error says why there is
// none.
type Builder func(*Site) (Fix, error)
