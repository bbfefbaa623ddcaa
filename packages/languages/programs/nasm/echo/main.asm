        global _start

        section .bss
buffer: resb 65536

        section .text
_start: xor eax, eax            ; read
        xor edi, edi
        lea rsi, [rel buffer]
        mov edx, 65536
        syscall
        test rax, rax
        jle done
        lea rsi, [rel buffer]
        mov rbx, rax
write:  mov eax, 1
        mov edi, 1
        mov rdx, rbx
        syscall
        test rax, rax
        jle done
        add rsi, rax
        sub rbx, rax
        jnz write
        jmp _start
done:   mov eax, 60             ; exit
        xor edi, edi
        syscall
