        global _start

        section .text
_start: mov eax, 60
        move edi, 0
        syscall
