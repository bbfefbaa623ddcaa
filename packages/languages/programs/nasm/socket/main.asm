        global main
        extern puts

        section .rodata
address: dw 2                   ; AF_INET
        db 0, 80, 192, 0, 2, 1
        times 8 db 0
refused: db "refused", 0
connected: db "connected", 0

        section .text
main:   sub rsp, 8
        mov eax, 41             ; socket
        mov edi, 2
        mov esi, 1
        xor edx, edx
        syscall
        lea rdi, [rel refused]
        test eax, eax
        js say
        mov edi, eax
        mov eax, 42             ; connect
        lea rsi, [rel address]
        mov edx, 16
        syscall
        lea rdi, [rel refused]
        test eax, eax
        jnz say
        lea rdi, [rel connected]
say:    call puts
        xor eax, eax
        add rsp, 8
        ret
