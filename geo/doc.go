// Package geo answers every question about place: points, areas, regions,
// distances, who lies near whom, and what stands on the map.
//
// Its promise: whatever has passed Point.Validate or Area.Validate can be used
// by the rest of the program without another look. Rings are closed and wound
// as RFC 7946 says, nothing crosses the 180th meridian unsplit, nothing is
// larger than the limits, and matching errs on the side of telling one partner
// too many, never one too few.
//
// Coordinates are degrees in the order longitude, latitude (GeoJSON and
// MongoDB); CAP wants the opposite order and converts at its own border.
// Lengths are metres. Edges of polygons are straight on the longitude/latitude
// plane, as RFC 7946 defines them. A point on a boundary is inside.
//
// The package is pure: no clock, no files but the embedded ones, no network.
// It must never import another package of Homeward, and it is the only home of
// orb and rtree, so neither shows in its exported names.
package geo
