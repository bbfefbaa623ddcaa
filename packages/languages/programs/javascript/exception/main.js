const numbers = null;
console.log(numbers[3]);
