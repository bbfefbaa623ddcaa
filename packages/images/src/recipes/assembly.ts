import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Two assemblers, and the C library for programs that call it. */
export const assembly = upon(gcc, {
  name: "assembly",
  description: "NASM 2.16 and the GNU assembler, and bash",
  packages: ["nasm"],
  buildBytes: 100e6,
  probes: [
    {
      argv: [
        "sh",
        "-euc",
        `
cd /tmp
printf 'global answer\\nanswer: mov eax, 42\\nret\\n' >answer.asm
printf '.globl main\\n.extern answer, printf\\nmain: push %%rbx\\ncall answer\\nmov %%eax, %%esi\\nmov $format, %%edi\\nxor %%eax, %%eax\\ncall printf\\nxor %%eax, %%eax\\npop %%rbx\\nret\\nformat: .asciz "%%d\\\\n"\\n' >main.s
nasm -f elf64 -o answer.o answer.asm
gcc -c -o main.o main.s
gcc -static -o probe main.o answer.o
./probe
`,
      ],
      stdout: "42\n",
    },
  ],
});
