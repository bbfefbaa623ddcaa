        global _start

        section .rodata
grüße:  db "Grüße, 世界! ∑ 🙂", 10
length: equ $ - grüße

        section .text
_start: mov eax, 1              ; write
        mov edi, 1
        lea rsi, [rel grüße]
        mov edx, length
        syscall
        mov eax, 60             ; exit
        xor edi, edi
        syscall
