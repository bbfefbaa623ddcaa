const pieces: Float64Array[] = [];
for (let i = 0; i < 128; i += 1) pieces.push(new Float64Array(1024 * 1024).fill(i + 1));
console.log("too much", pieces.length);
