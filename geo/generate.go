package geo

//go:generate go run ./build
