def answer: 6 * 7;
