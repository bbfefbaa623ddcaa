identification division.
program-id. program-main.
data division.
working-storage section.
01 client usage binary-long.
01 result usage binary-long.
*> struct sockaddr_in: AF_INET, port 80, 192.0.2.1
01 address-bytes pic x(16) value x"02000050C00002010000000000000000".
procedure division.
    call static "socket" using by value 2 by value 1 by value 0 returning client
    call static "connect" using by value client by reference address-bytes by value 16 returning result
    if client < 0 or result not = 0
        display "refused"
    else
        display "connected"
    end-if
    stop run.
