        global _start

        section .rodata
line:   times 10 db "0123456789"
        db 10
length: equ $ - line

        section .text
_start: mov ebx, 1000000
next:   mov eax, 1              ; write
        mov edi, 1
        lea rsi, [rel line]
        mov edx, length
        syscall
        dec ebx
        jnz next
        mov eax, 60             ; exit
        xor edi, edi
        syscall
