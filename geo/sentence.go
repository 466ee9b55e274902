package geo

// sentence is the plain English for a machine code; callers translate by code.
func sentence(code string) string {
	switch code {
	case "not_a_number":
		return "a coordinate is not a number"
	case "outside_world":
		return "longitude must be between -180 and 180 and latitude between -90 and 90"
	case "looks_swapped":
		return "the coordinates look swapped: longitude comes first, then latitude"
	case "bad_position":
		return "a position must be two numbers, longitude and latitude"
	case "bad_type":
		return "the type must be Polygon or MultiPolygon"
	case "bad_coordinates":
		return "the coordinates do not have the shape that the type asks for"
	case "foreign_member":
		return "only type, coordinates and bbox are understood here"
	case "too_large":
		return "the area is larger than 256 KiB"
	case "too_many_vertices":
		return "the area has more than 2,000 corners"
	case "too_many_rings":
		return "the area has more than 64 rings"
	case "too_many_regions":
		return "the area names more than 1,000 regions"
	case "too_many_circles":
		return "the area has more than 64 circles"
	case "too_few_points":
		return "a ring needs at least three different corners"
	case "ring_not_closed":
		return "the last position of a ring must equal its first"
	case "too_wide":
		return "a ring is wider than the whole Earth"
	case "self_intersection":
		return "the outline crosses or touches itself"
	case "hole_outside":
		return "a hole must lie inside its outline"
	case "holes_overlap":
		return "two holes overlap"
	case "zero_area":
		return "the outline encloses nothing"
	case "bad_radius":
		return "the radius must be more than 0 and at most 5,000,000 metres"
	case "unknown_region":
		return "this region code is not known here"
	case "empty":
		return "name at least one region, area or circle"
	}
	return travelSentence(code)
}

// travelSentence is that of a reach or a corridor.
func travelSentence(code string) string {
	switch code {
	case "no_place":
		return "say where the child was last seen"
	case "no_time":
		return "say since when"
	case "not_after":
		return "the time until which to look must come after the time last seen"
	case "too_long_ago":
		return "after fourteen days somebody can be anywhere: choose countries instead"
	case "no_mode":
		return "choose at least one way of travelling"
	case "unknown_mode":
		return "this way of travelling is not known here"
	case "bad_width":
		return "the width must be more than 0 and at most 200 kilometres to either side"
	case "too_few_places":
		return "a corridor needs at least two places"
	case "too_many_points":
		return "a corridor has at most 20 places"
	case "no_length":
		return "all places of the corridor are the same"
	case "line_too_long":
		return "a corridor is at most 5,000 kilometres long"
	case "near_pole":
		return "a corridor cannot come so near to a pole"
	}
	return "the area cannot be used"
}
