        .globl main

        .section .rodata
format: .asciz "%99s"
greeting: .asciz "Hello, %s!\n"

        .bss
name:   .skip 100

        .text
main:   sub $8, %rsp
        lea format(%rip), %rdi
        lea name(%rip), %rsi
        xor %eax, %eax
        call scanf
        lea greeting(%rip), %rdi
        lea name(%rip), %rsi
        xor %eax, %eax
        call printf
        xor %eax, %eax
        add $8, %rsp
        ret
