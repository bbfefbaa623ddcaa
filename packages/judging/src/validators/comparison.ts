/** What comes of comparing an output with an answer. */
export type Comparison =
  | { readonly accepted: true }
  | {
      readonly accepted: false;
      /** Where and how they differ, with the expected text: for the author. */
      readonly judgeMessage: string;
      /** The same without anything of the answer: for whoever submitted. */
      readonly publicMessage: string;
      /** Whether they are the same but for white space: a presentation error, where a problem knows such. */
      readonly whitespaceOnly: boolean;
      /** Whether the answer is nothing that an output can be compared with: the author's fault. */
      readonly brokenAnswer: boolean;
    };

export const accepted: Comparison = { accepted: true };

export const rejection = (
  judgeMessage: string,
  publicMessage: string,
  { whitespaceOnly = false, brokenAnswer = false } = {},
): Comparison => ({ accepted: false, judgeMessage, publicMessage, whitespaceOnly, brokenAnswer });
