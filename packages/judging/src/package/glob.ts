/** Tells of names whether they fit a pattern. */
export interface Glob {
  test(name: string): boolean;
}

/** A character, any number of those that are no "/", or one of several. */
type Step = string | typeof star | readonly Steps[];
type Steps = readonly Step[];
const star = Symbol("*");

/** A longer one means nothing but harm. */
const maxLength = 1000;

/**
 * A pattern of submissions.yaml: `*` matches within one component and `{a,b}` either of the two,
 * nothing else is special. A pattern that names a directory also matches what is in it. Null for
 * unbalanced or nested braces, and for what is too long to be a pattern.
 *
 * No regular expression: those of whoever uploads a package may take time without end.
 */
export const globPattern = (glob: string): Glob | null => {
  const steps = glob.length > maxLength ? null : stepsOf(glob);
  return steps === null ? null : { test: (name) => fits(steps, name) };
};

const stepsOf = (glob: string): Steps | null => {
  const steps: Step[] = [];
  /** What is in the braces that are open. */
  let choices: Step[][] | null = null;
  let current = steps;
  for (const character of glob.split("")) {
    if (character === "{") {
      if (choices !== null) return null;
      choices = [(current = [])];
    } else if (character === "}") {
      if (choices === null) return null;
      steps.push(choices);
      [choices, current] = [null, steps];
    } else if (character === "," && choices !== null) choices.push((current = []));
    else current.push(character === "*" ? star : character);
  }
  return choices === null ? steps : null;
};

const fits = (steps: Steps, name: string): boolean => {
  const ends = advance(steps, name, Uint8Array.of(1));
  return ends.some((isEnd, at) => isEnd === 1 && (at === name.length || name[at] === "/"));
};

/** Where the steps may end that begin at one of these places: all of them at once, in linear time. */
const advance = (steps: Steps, name: string, from: Uint8Array): Uint8Array => {
  let places = new Uint8Array(name.length + 1);
  places.set(from);
  for (const step of steps) {
    const next = new Uint8Array(name.length + 1);
    if (typeof step === "string") {
      for (let at = 0; at < name.length; at++) if (name[at] === step) next[at + 1] = places[at] ?? 0;
    } else if (step === star) {
      for (let at = 0, open = false; at <= name.length; at++) {
        open ||= places[at] === 1;
        if (open) next[at] = 1;
        if (name[at] === "/") open = false;
      }
    } else {
      for (const choice of step) {
        for (const [at, isEnd] of advance(choice, name, places).entries()) if (isEnd === 1) next[at] = 1;
      }
    }
    places = next;
    if (!places.includes(1)) break;
  }
  return places;
};
