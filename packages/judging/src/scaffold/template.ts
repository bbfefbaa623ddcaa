/** What a new package of one type is made of; contents by their paths. */
export interface Template {
  readonly text: {
    readonly story: string;
    readonly input: string;
    readonly outputHeading: string;
    readonly output: string;
  };
  readonly inputValidator: string;
  readonly outputValidator: string | null;
  /** Below data/, in both formats. */
  readonly data: Readonly<Record<string, string>>;
  /** Below data/, in format 2025-09 only. */
  readonly modernData: Readonly<Record<string, string>>;
  /** Below submissions/. */
  readonly submissions: Readonly<Record<string, string>>;
  /** What the legacy format has of it; null when it has no such type. */
  readonly legacy: {
    readonly scoring: boolean;
    /** Words after `custom`. */
    readonly validation: readonly string[];
    readonly data: Readonly<Record<string, string>>;
  } | null;
}

/** An input validator in Python that reads `count` lines by a regular expression, then `check`s numbers. */
export const inputValidator = (body: string): string => `#!/usr/bin/env python3
"""Accepts (42) inputs that are exactly as the statement says."""

import re
import sys

${body}
sys.exit(42)
`;
