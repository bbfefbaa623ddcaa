package main

import (
	"fmt"
	"net"
	"time"
)

func main() {
	if _, err := net.DialTimeout("tcp", "192.0.2.1:80", 2*time.Second); err != nil {
		fmt.Println("refused")
		return
	}
	fmt.Println("connected")
}
