package alerts

// Grade is an Admiralty pair as one rank for filters: the source's place (A is
// 1) and the information's digit. It is never shown and never averaged. The
// zero Grade is a sighting that nobody has assessed.
type Grade struct{ Source, Information uint8 }

// GradeOf returns the grade of a source from A to F and an information digit
// from 1 to 6, the zero Grade for anything else.
func GradeOf(source string, information int) Grade {
	if len(source) != 1 || source[0] < 'A' || source[0] > 'F' || information < 1 || information > 6 {
		return Grade{}
	}
	return Grade{source[0] - 'A' + 1, uint8(information)}
}

// ParseGrade reads a grade such as "C3".
func ParseGrade(text string) (Grade, bool) {
	if len(text) != 2 {
		return Grade{}, false
	}
	g := GradeOf(text[:1], int(text[1])-'0')
	return g, g != Grade{}
}

// String returns the pair as it is written, such as "C3"; "" for the zero Grade.
func (g Grade) String() string {
	if g == (Grade{}) {
		return ""
	}
	return string([]byte{'A' + g.Source - 1, '0' + g.Information})
}

// AtLeast tells whether both halves are at least as good as those of low. F and
// 6 mean "cannot be judged" and rank last; a sighting that nobody has assessed
// is below every grade.
func (g Grade) AtLeast(low Grade) bool {
	return low == Grade{} || g != Grade{} && g.Source <= low.Source && g.Information <= low.Information
}
