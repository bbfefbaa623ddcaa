        .globl main

        .set size, 8 * 1024 * 1024

        .section .rodata
text:   .asciz "too much"

        .text
main:   push %rbx
        mov $128, %ebx
next:   mov $size, %edi
        call malloc
        test %rax, %rax
        jz failed
        mov %rax, %rdi
        mov $1, %esi
        mov $size, %edx
        call memset
        dec %ebx
        jnz next
        lea text(%rip), %rdi
        call puts
        xor %eax, %eax
        pop %rbx
        ret
failed: mov $1, %eax
        pop %rbx
        ret
