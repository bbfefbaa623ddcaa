package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

func main() {
	writer := bufio.NewWriter(os.Stdout)
	defer writer.Flush()
	line := strings.Repeat("0123456789", 10)
	for i := 0; i < 1000000; i++ {
		fmt.Fprintln(writer, line)
	}
}
