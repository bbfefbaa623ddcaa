const numbers: number[] = [];
if (numbers.length === 0) throw new RangeError("nobody catches this");
