        global main
        extern answer, printf

        section .rodata
format: db "%d", 10, 0

        section .text
main:   sub rsp, 8
        call answer
        mov esi, eax
        lea rdi, [rel format]
        xor eax, eax
        call printf
        xor eax, eax
        add rsp, 8
        ret
