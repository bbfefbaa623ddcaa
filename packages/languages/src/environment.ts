/** What every command finds in a box. HOME is the work directory: nothing else can be written but /tmp. */
export const environment: Readonly<Record<string, string>> = {
  PATH: "/usr/bin:/bin",
  HOME: "/w",
  TMPDIR: "/tmp",
  LANG: "C.UTF-8",
};
