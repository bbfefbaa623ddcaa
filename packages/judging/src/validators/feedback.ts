import type { CollectedFile, RunSpec } from "@assay/sandbox";
import { messageOf } from "./messages.ts";

/** Where a validator finds what it judges by, in the box and as its words. */
export const judgePlaces = {
  input: ".judge/test.in",
  /** Beginning of the paths of later passes' inputs. */
  laterInput: ".judge/pass-",
  answer: ".judge/test.ans",
  submission: ".judge/submission",
  feedback: ".judge/feedback",
} as const;

const read = ["judgemessage.txt", "teammessage.txt", "score.txt", "score_multiplier.txt", "nextpass.in"];
const images = ["judgeimage", "teamimage"].flatMap((name) =>
  ["png", "jpg", "jpeg", "svg"].map((extension) => `${name}.${extension}`),
);

/** What a validator left in its feedback directory. */
export interface Feedback {
  readonly judgeMessage: string | null;
  readonly teamMessage: string | null;
  /** The bytes of these files; null where there is none. */
  readonly score: Uint8Array | null;
  readonly multiplier: Uint8Array | null;
  readonly nextPass: Uint8Array | null;
  /** Names and sizes of images, which are not kept. */
  readonly images: readonly string[];
  /** Why it is no feedback, as a sentence; null when all of it could be read. */
  readonly fault: string | null;
}

export const noFeedback: Feedback = {
  judgeMessage: null,
  teamMessage: null,
  score: null,
  multiplier: null,
  nextPass: null,
  images: [],
  fault: null,
};

/** Makes sure that the directory is there. */
export const feedbackDirectory = {
  path: `${judgePlaces.feedback}/.keep`,
  mode: 0o644,
  content: new Uint8Array(),
};

/** @param maxBytes of what a validator may write */
export const collectFeedback = (maxBytes: number): RunSpec["collect"] => ({
  paths: [...read, ...images].map((name) => `${judgePlaces.feedback}/${name}`),
  maxBytes: 2 * maxBytes,
  maxBytesEach: maxBytes,
  truncate: true,
});

export const readFeedback = (collected: readonly CollectedFile[]): Feedback => {
  const byName = new Map(collected.map((file) => [file.path.slice(judgePlaces.feedback.length + 1), file]));
  const faults: string[] = [];
  const contentOf = (name: string): Uint8Array | null => {
    const file = byName.get(name);
    if (file === undefined || file.state === "missing") return null;
    if (file.state === "ok") return file.content;
    faults.push(`${name} in its feedback directory ${faultOfState[file.state]}`);
    return file.content;
  };
  const text = (name: string): string | null => {
    const content = contentOf(name);
    return content === null ? null : messageOf(content);
  };
  return {
    judgeMessage: text("judgemessage.txt"),
    teamMessage: text("teammessage.txt"),
    score: contentOf("score.txt"),
    multiplier: contentOf("score_multiplier.txt"),
    nextPass: contentOf("nextpass.in"),
    images: images.flatMap((name) => {
      const file = byName.get(name);
      return file?.state === "ok" ? [`${name} (${file.content.byteLength} bytes)`] : [];
    }),
    fault: faults[0] ?? null,
  };
};

const faultOfState: Record<Exclude<CollectedFile["state"], "ok" | "missing">, string> = {
  link: "is a symbolic link, which is not followed",
  not_regular: "is not a regular file",
  too_large: "is larger than the validator's output limit",
};
