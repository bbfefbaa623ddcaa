/* Parts of the program that tests run in boxes. */
#pragma once

extern const char *first, *second;

/* The test outside waits for a process of this name. */
void ready_and_wait(void);
long amount(void);
/* Prints what was tried and how it ended; 0. */
int tried(const char *what, long result);

/* inside_streams.c */
int do_ask(void);
int do_ask_line(void);
int do_close_input(void);
int do_gather(void);
int do_reopen(void);
int do_terminal(void);
int do_interactive(void);
int do_stop_input(void);
int do_catch(void);
int do_affinity(void);
int do_read_and_fail(void);
