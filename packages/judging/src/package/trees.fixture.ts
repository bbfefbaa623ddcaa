/** Small sound packages that tests change. */
export type Tree = Readonly<Record<string, string | Uint8Array>>;

const legacyTree = {
  "problem.yaml": "name: Halves\n",
  ".timelimit": "1.5\n",
  "problem_statement/problem.en.tex": "…",
  "data/sample/1.in": "1\n",
  "data/sample/1.ans": "2\n",
  "data/secret/a.in": "1\n",
  "data/secret/a.ans": "2\n",
  "submissions/accepted/main.py": "print()",
} as const;

export const modernYaml = `problem_format_version: 2025-09
name: Halves
uuid: 5ca6ba5b-36d5-4eff-8aa7-d967cbc4375e
limits: {time_limit: 2}
`;

export const modernTree = {
  "problem.yaml": modernYaml,
  "statement/problem.en.md": "…",
  "data/sample/1.in": "1\n",
  "data/sample/1.ans": "2\n",
  "data/secret/a.in": "1\n",
  "data/secret/a.ans": "2\n",
  "submissions/accepted/main.py": "print()",
} as const;

/** The legacy package with files more, changed, or taken away (null). */
export const legacyWith = (changes: Readonly<Record<string, string | Uint8Array | null>>): Tree =>
  changed(legacyTree, changes);

export const modernWith = (changes: Readonly<Record<string, string | Uint8Array | null>>): Tree =>
  changed(modernTree, changes);

/** problem.yaml of the 2025-09 package with lines more. */
export const yamlWith = (lines: string): { readonly "problem.yaml": string } => ({
  "problem.yaml": `${modernYaml}${lines}`,
});

const changed = (tree: Tree, changes: Readonly<Record<string, string | Uint8Array | null>>): Tree => {
  const result: Record<string, string | Uint8Array> = { ...tree };
  for (const [path, content] of Object.entries(changes)) {
    if (content === null) delete result[path];
    else result[path] = content;
  }
  return result;
};
