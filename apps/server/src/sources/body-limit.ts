import type { ServerConfig } from "../config.ts";

/** JSON may need six bytes for one (`\u0001`); beside the sources there are names and limits. */
const jsonFactor = 6;
const overhead = 256 * 1024;

/** Largest body of a submission, bytes. */
export const sourceBodyLimit = ({ maxSourceBytes }: ServerConfig): number =>
  jsonFactor * maxSourceBytes + overhead;

/** Largest body of a run, which brings data files and stdin as well, bytes. */
export const runBodyLimit = (config: ServerConfig): number =>
  sourceBodyLimit(config) + jsonFactor * config.maxDataBytes;

/**
 * Largest body in which a runner delivers a result, bytes: two streams of output, each as text in
 * which an undecodable byte takes three, or a control character six, and as base64.
 */
export const resultBodyLimit = ({ maximumLimits }: ServerConfig): number =>
  2 * (jsonFactor + 2) * maximumLimits.outputBytes + 16 * 1024 * 1024;
