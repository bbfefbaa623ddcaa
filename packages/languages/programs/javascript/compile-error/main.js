console.log("half a program";
