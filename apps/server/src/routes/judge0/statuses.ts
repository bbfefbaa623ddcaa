/** Judge0's statuses; ids and words are part of its interface. */
export const statuses = [
  { id: 1, description: "In Queue" },
  { id: 2, description: "Processing" },
  { id: 3, description: "Accepted" },
  { id: 4, description: "Wrong Answer" },
  { id: 5, description: "Time Limit Exceeded" },
  { id: 6, description: "Compilation Error" },
  { id: 7, description: "Runtime Error (SIGSEGV)" },
  { id: 8, description: "Runtime Error (SIGXFSZ)" },
  { id: 9, description: "Runtime Error (SIGFPE)" },
  { id: 10, description: "Runtime Error (SIGABRT)" },
  { id: 11, description: "Runtime Error (NZEC)" },
  { id: 12, description: "Runtime Error (Other)" },
  { id: 13, description: "Internal Error" },
  { id: 14, description: "Exec Format Error" },
] as const;

export type StatusId = (typeof statuses)[number]["id"];
export type Status = (typeof statuses)[number];

export const status = {
  inQueue: 1,
  processing: 2,
  accepted: 3,
  wrongAnswer: 4,
  timeLimit: 5,
  compilationError: 6,
  nonZeroExit: 11,
  internalError: 13,
  execFormatError: 14,
} as const satisfies Record<string, StatusId>;

export const statusOf = (id: StatusId): Status =>
  statuses.find((one) => one.id === id) ?? statuses[status.internalError - 1] ?? statuses[0];

/** The runtime error that a signal is. */
export function statusOfSignal(name: string): StatusId {
  switch (name) {
    case "SIGSEGV":
      return 7;
    case "SIGXFSZ":
      return 8;
    case "SIGFPE":
      return 9;
    case "SIGABRT":
      return 10;
    default:
      return 12;
  }
}
