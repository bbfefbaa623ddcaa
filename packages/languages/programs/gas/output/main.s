        .globl _start

        .section .rodata
line:   .rept 10
        .ascii "0123456789"
        .endr
        .ascii "\n"
        .set length, . - line

        .text
_start: mov $1000000, %ebx
next:   mov $1, %eax            # write
        mov $1, %edi
        lea line(%rip), %rsi
        mov $length, %edx
        syscall
        dec %ebx
        jnz next
        mov $60, %eax           # exit
        xor %edi, %edi
        syscall
