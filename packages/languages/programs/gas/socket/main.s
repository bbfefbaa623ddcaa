        .globl main

        .section .rodata
address: .short 2               # AF_INET
        .byte 0, 80, 192, 0, 2, 1
        .skip 8
refused: .asciz "refused"
connected: .asciz "connected"

        .text
main:   sub $8, %rsp
        mov $41, %eax           # socket
        mov $2, %edi
        mov $1, %esi
        xor %edx, %edx
        syscall
        lea refused(%rip), %rdi
        test %eax, %eax
        js say
        mov %eax, %edi
        mov $42, %eax           # connect
        lea address(%rip), %rsi
        mov $16, %edx
        syscall
        lea refused(%rip), %rdi
        test %eax, %eax
        jnz say
        lea connected(%rip), %rdi
say:    call puts
        xor %eax, %eax
        add $8, %rsp
        ret
