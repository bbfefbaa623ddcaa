package main

import "fmt"

func main() {
	var pieces [][]byte
	for i := 0; i < 128; i++ {
		piece := make([]byte, 8*1024*1024)
		for j := range piece {
			piece[j] = 1
		}
		pieces = append(pieces, piece)
	}
	fmt.Println("too much", len(pieces))
}
