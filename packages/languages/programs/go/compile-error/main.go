package main

import "fmt"

func main() {
	fmt.Println("half a program"
}
