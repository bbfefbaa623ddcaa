        .globl main

        .text
main:   push %rbx
        lea 8(%rsi), %rbx
next:   mov (%rbx), %rdi
        test %rdi, %rdi
        jz done
        call puts
        add $8, %rbx
        jmp next
done:   xor %eax, %eax
        pop %rbx
        ret
