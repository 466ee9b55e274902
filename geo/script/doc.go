// Package script changes names between the Serbian alphabets and makes the
// keys by which names are compared and searched.
//
// Its promise: Cyrillic to Latin is exact, letter by letter and case by case.
// Latin to Cyrillic is a good guess with a list of exceptions, because "nj" in
// "konjugacija" is two letters; store what a person wrote, show the guess.
//
// It is pure and imports nothing of Homeward.
package script
