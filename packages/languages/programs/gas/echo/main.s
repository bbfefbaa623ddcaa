        .globl _start

        .bss
buffer: .skip 65536

        .text
_start: xor %eax, %eax          # read
        xor %edi, %edi
        lea buffer(%rip), %rsi
        mov $65536, %edx
        syscall
        test %rax, %rax
        jle done
        lea buffer(%rip), %rsi
        mov %rax, %rbx
write:  mov $1, %eax
        mov $1, %edi
        mov %rbx, %rdx
        syscall
        test %rax, %rax
        jle done
        add %rax, %rsi
        sub %rax, %rbx
        jnz write
        jmp _start
done:   mov $60, %eax           # exit
        xor %edi, %edi
        syscall
