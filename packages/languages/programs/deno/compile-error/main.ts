const greeting: string = "half a program"
console.log(greeting;
