package paper

import "slices"

// Letters returns the fonts that documents are set in, as TrueType, for whoever
// draws the same page as a picture.
func Letters() (text, strong []byte) { return slices.Clone(regular), slices.Clone(bold) }
