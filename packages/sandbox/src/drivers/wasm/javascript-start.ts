/**
 * Runs in QuickJS before the program, with one host function per thing that it may do. What a program
 * has beyond the language: print, console, readline, readFile, writeFile, scriptArgs, exit.
 */
export const javascriptStart = `(host) => {
  const { write, readLine, readFile, writeFile, exit, args } = host;
  const shown = (value) => {
    if (typeof value !== "object" || value === null) return String(value);
    if (value instanceof Error) return String(value) + "\\n" + (value.stack ?? "");
    try {
      return JSON.stringify(value) ?? String(value);
    } catch {
      return String(value);
    }
  };
  const line = (descriptor) => (...values) => {
    write(descriptor, values.map(shown).join(" ") + "\\n");
  };
  const console = {};
  for (const name of ["log", "info", "debug"]) console[name] = line(1);
  for (const name of ["error", "warn"]) console[name] = line(2);
  Object.assign(globalThis, {
    print: line(1),
    console,
    readline: () => readLine(),
    readFile: (path) => readFile(String(path)),
    writeFile: (path, text) => writeFile(String(path), String(text)),
    scriptArgs: args.split("\\0").slice(0, -1),
    exit: (code = 0) => exit(Number(code) & 255),
  });
}`;
