export type Status =
  | "Accepted"
  | "Memory Limit Exceeded"
  | "Time Limit Exceeded"
  | "Output Limit Exceeded"
  | "File Error"
  | "Nonzero Exit Status"
  | "Signalled"
  | "Dangerous Syscall"
  | "Internal Error";

export type FileErrorType =
  | "CopyInOpenFile"
  | "CopyInCreateDir"
  | "CopyInCreateFile"
  | "CopyInCopyContent"
  | "CopyOutOpen"
  | "CopyOutNotRegularFile"
  | "CopyOutSizeExceeded"
  | "CopyOutCreateFile"
  | "CopyOutCopyContent"
  | "CollectSizeExceeded"
  | "Symlink";

export interface FileError {
  readonly name: string;
  readonly type: FileErrorType;
  readonly message: string;
}

/** How one command ended. Times are nanoseconds, memory is bytes; 0 and empty mean absent where absence is possible. */
export interface Result {
  readonly status: Status;
  /** The exit code; of a program that a signal ended, the signal's number. */
  readonly exitStatus: number;
  readonly error: string;
  readonly time: number;
  readonly memory: number;
  readonly runTime: number;
  readonly procPeak: number;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly fileIds: ReadonlyMap<string, string>;
  readonly fileError: readonly FileError[];
}

/** The answer over a WebSocket. `results` is null for a request that was not taken. */
export interface Response {
  readonly requestId: string;
  readonly results: readonly Result[] | null;
  readonly error: string;
}

/** The result of a command that never ran. */
export const notRun = (
  status: "File Error" | "Internal Error",
  error: string,
  fileError: readonly FileError[] = [],
): Result => ({
  status,
  exitStatus: 0,
  error,
  time: 0,
  memory: 0,
  runTime: 0,
  procPeak: 0,
  files: new Map(),
  fileIds: new Map(),
  fileError,
});
