        .globl _start

        .text
_start: xor %eax, %eax
        mov (%rax), %eax        # nothing lies at address 0
        mov $60, %eax
        xor %edi, %edi
        syscall
