say("half a program";
