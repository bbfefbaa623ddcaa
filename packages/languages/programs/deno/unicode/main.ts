const grüße: string = "Grüße, 世界! ∑ 🙂";
console.log(grüße);
