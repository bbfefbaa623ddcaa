        global main
        extern malloc, memset, puts

size:   equ 8 * 1024 * 1024

        section .rodata
text:   db "too much", 0

        section .text
main:   push rbx
        mov ebx, 128
next:   mov edi, size
        call malloc
        test rax, rax
        jz failed
        mov rdi, rax
        mov esi, 1
        mov edx, size
        call memset
        dec ebx
        jnz next
        lea rdi, [rel text]
        call puts
        xor eax, eax
        pop rbx
        ret
failed: mov eax, 1
        pop rbx
        ret
