        global main
        extern pthread_create, pthread_join, printf

        section .rodata
format: db "%d", 10, 0

        section .bss
thread: resq 1
result: resd 1

        section .text
work:   mov eax, 6
        imul eax, eax, 7
        mov [rel result], eax
        xor eax, eax
        ret

main:   sub rsp, 8
        lea rdi, [rel thread]
        xor esi, esi
        lea rdx, [rel work]
        xor ecx, ecx
        call pthread_create
        test eax, eax
        jnz failed
        mov rdi, [rel thread]
        xor esi, esi
        call pthread_join
        lea rdi, [rel format]
        mov esi, [rel result]
        xor eax, eax
        call printf
        xor eax, eax
        add rsp, 8
        ret
failed: mov eax, 1
        add rsp, 8
        ret
