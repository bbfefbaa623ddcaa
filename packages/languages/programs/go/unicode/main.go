package main

import "fmt"

func main() {
	grüße := "Grüße, 世界! ∑ 🙂"
	fmt.Println(grüße)
}
