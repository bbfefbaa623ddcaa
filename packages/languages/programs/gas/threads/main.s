        .globl main

        .section .rodata
format: .asciz "%d\n"

        .bss
        .balign 8
thread: .skip 8
result: .skip 4

        .text
work:   mov $6, %eax
        imul $7, %eax, %eax
        mov %eax, result(%rip)
        xor %eax, %eax
        ret

main:   sub $8, %rsp
        lea thread(%rip), %rdi
        xor %esi, %esi
        lea work(%rip), %rdx
        xor %ecx, %ecx
        call pthread_create
        test %eax, %eax
        jnz failed
        mov thread(%rip), %rdi
        xor %esi, %esi
        call pthread_join
        lea format(%rip), %rdi
        mov result(%rip), %esi
        xor %eax, %eax
        call printf
        xor %eax, %eax
        add $8, %rsp
        ret
failed: mov $1, %eax
        add $8, %rsp
        ret
