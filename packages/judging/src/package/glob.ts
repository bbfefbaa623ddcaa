/**
 * A pattern of submissions.yaml as a regular expression: `*` matches within one component and
 * `{a,b}` either of the two, nothing else is special. A pattern that names a directory also matches
 * what is in it. Null for unbalanced or nested braces.
 */
export const globPattern = (glob: string): RegExp | null => {
  let source = "";
  let inBraces = false;
  for (const character of glob) {
    if (character === "*") source += "[^/]*";
    else if (character === "{") {
      if (inBraces) return null;
      inBraces = true;
      source += "(?:";
    } else if (character === "}") {
      if (!inBraces) return null;
      inBraces = false;
      source += ")";
    } else if (character === "," && inBraces) source += "|";
    else source += character.replace(/[\\^$.|?+()[\]]/u, String.raw`\$&`);
  }
  return inBraces ? null : new RegExp(`^${source}(?:/.*)?$`, "u");
};
