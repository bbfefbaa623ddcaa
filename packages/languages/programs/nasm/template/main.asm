        global main
        extern printf, scanf

        section .rodata
format: db "%99s", 0
greeting: db "Hello, %s!", 10, 0

        section .bss
name:   resb 100

        section .text
main:   sub rsp, 8
        lea rdi, [rel format]
        lea rsi, [rel name]
        xor eax, eax
        call scanf
        lea rdi, [rel greeting]
        lea rsi, [rel name]
        xor eax, eax
        call printf
        xor eax, eax
        add rsp, 8
        ret
