        global _start

        section .rodata
text:   db "out of order", 10
length: equ $ - text

        section .text
_start: mov eax, 1              ; write
        mov edi, 2
        lea rsi, [rel text]
        mov edx, length
        syscall
        mov eax, 60             ; exit
        mov edi, 7
        syscall
