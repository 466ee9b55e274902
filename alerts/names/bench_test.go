package names

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// crowd is a population of invented people: the given names of the golden pairs,
// the first ones often, and some ten thousand surnames made of syllables.
func crowd(b *testing.B, people int) []Name {
	rows := golden(b)
	dice := rand.New(rand.NewPCG(1, 2))
	syllables := []string{"ba", "če", "do", "đu", "go", "hri", "ka", "lo", "mar", "ne", "pe", "ra", "ste", "to", "ve", "zla"}
	out := make([]Name, people)
	for i := range out {
		skew := func(n int) int { return int(float64(n) * dice.Float64() * dice.Float64()) }
		family := ""
		for range 3 {
			family += syllables[skew(len(syllables))]
		}
		out[i] = Read(rows[skew(len(rows))][1], family+[]string{"vić", "šević", "nov", "ski"}[dice.IntN(4)])
	}
	return out
}

const crowdSize = 200_000

// BenchmarkFind answers from the index, BenchmarkScan by going through
// everybody; what counts is their ratio.
func BenchmarkFind(b *testing.B) {
	people := crowd(b, crowdSize)
	x := NewIndex()
	for i, n := range people {
		x.Put(fmt.Sprint(i), n)
	}
	b.ResetTimer()
	for i := range b.N {
		x.Find(people[i*7919%len(people):][:1], Maybe, 10, everyone)
	}
}

func BenchmarkScan(b *testing.B) {
	people := crowd(b, crowdSize)
	b.ResetTimer()
	for i := range b.N {
		asked, hits := people[i*7919%len(people)], 0
		for _, n := range people {
			if Compare(asked, n).Score >= Maybe {
				hits++
			}
		}
	}
}
