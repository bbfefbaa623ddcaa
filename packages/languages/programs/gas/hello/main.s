        .globl _start

        .section .rodata
greeting: .ascii "Hello, World!\n"
        .set length, . - greeting

        .text
_start: mov $1, %eax            # write
        mov $1, %edi
        lea greeting(%rip), %rsi
        mov $length, %edx
        syscall
        mov $60, %eax           # exit
        xor %edi, %edi
        syscall
