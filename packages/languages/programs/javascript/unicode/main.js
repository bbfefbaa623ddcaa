const grüße = "Grüße, 世界! ∑ 🙂";
console.log(grüße);
