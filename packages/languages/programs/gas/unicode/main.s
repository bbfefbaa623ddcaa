        .globl _start

        .section .rodata
grüße:  .ascii "Grüße, 世界! ∑ 🙂\n"
        .set length, . - grüße

        .text
_start: mov $1, %eax            # write
        mov $1, %edi
        lea grüße(%rip), %rsi
        mov $length, %edx
        syscall
        mov $60, %eax           # exit
        xor %edi, %edi
        syscall
