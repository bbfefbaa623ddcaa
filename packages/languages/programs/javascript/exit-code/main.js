console.error("out of order");
process.exit(7);
