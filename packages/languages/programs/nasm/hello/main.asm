        global _start

        section .rodata
greeting: db "Hello, World!", 10
length: equ $ - greeting

        section .text
_start: mov eax, 1              ; write
        mov edi, 1
        lea rsi, [rel greeting]
        mov edx, length
        syscall
        mov eax, 60             ; exit
        xor edi, edi
        syscall
