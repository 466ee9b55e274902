package demo

// Streets is a file of invented streets, squares and schools in real towns, as
// an operator imports one.
func Streets() ([]byte, error) { return files.ReadFile("streets.csv") }
