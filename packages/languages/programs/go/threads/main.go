package main

import "fmt"

func main() {
	results := make(chan int)
	go func() {
		results <- 6 * 7
	}()
	fmt.Println(<-results)
}
