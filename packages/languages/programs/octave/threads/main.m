[status, output] = system("echo $((6 * 7))");
fputs(stdout, output);
