import { imageInWords, type JobEventBody } from "@assay/contracts";

/**
 * Text from programs and servers is untrusted on a terminal: control characters are shown, not obeyed.
 */
export const printable = (text: string): string =>
  text.replace(
    // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );

export const milliseconds = (value: number): string =>
  value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(value < 10 ? 1 : 0)} ms`;

export const bytes = (value: number): string => {
  if (value < 1024) return `${value} B`;
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(0)} KiB`;
  if (value < 1024 * 1024 * 1024) return `${(value / (1024 * 1024)).toFixed(1)} MiB`;
  return `${(value / (1024 * 1024 * 1024)).toFixed(1)} GiB`;
};

/** "waiting for image haskell 9.0.2, 43 %", and how the wait ended. */
export const imageSentence = (event: Extract<JobEventBody, { type: "image" }>): string => {
  if (event.state === "ready") return `image ${event.name} is there`;
  if (event.state === "failed") return `image ${event.name} can't be had: ${event.message}`;
  return `waiting for ${imageInWords(event)}${event.message === "" ? "" : ` (${event.message})`}`;
};
