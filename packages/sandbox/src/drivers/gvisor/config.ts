import type { RunSpec } from "../../spec.ts";

/** CPU time that gVisor's own limit leaves to ours, which counts the whole tree, s. */
const CPU_SLACK_SECONDS = 2;

/**
 * The OCI configuration of one run: the image read-only, /w, a /tmp of its own, no network but a
 * loopback, no capabilities. The program is uid 0 of gVisor's kernel, because nobody else than the
 * driver's own user exists on the outside; that user is all that it is for the machine.
 */
export function ociConfig(spec: RunSpec, paths: { readonly root: string; readonly work: string }): object {
  const { limits } = spec;
  return {
    ociVersion: "1.0.2",
    process: {
      user: { uid: 0, gid: 0 },
      args: spec.argv,
      env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
      cwd: "/w",
      noNewPrivileges: true,
      capabilities: {},
      rlimits: [
        rlimit("RLIMIT_CPU", Math.ceil(limits.cpuMs / 1000) + CPU_SLACK_SECONDS),
        rlimit("RLIMIT_CORE", 0),
        rlimit("RLIMIT_NOFILE", limits.openFiles),
        rlimit("RLIMIT_STACK", limits.stackBytes),
        rlimit("RLIMIT_FSIZE", limits.fileBytes),
        ...(limits.addressSpaceBytes === null ? [] : [rlimit("RLIMIT_AS", limits.addressSpaceBytes)]),
        ...(limits.dataBytes === null ? [] : [rlimit("RLIMIT_DATA", limits.dataBytes)]),
      ],
    },
    root: { path: paths.root, readonly: true },
    hostname: "box",
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      {
        destination: "/tmp",
        type: "tmpfs",
        source: "tmpfs",
        options: ["mode=1777", `size=${limits.diskBytes}`],
      },
      { destination: "/w", type: "bind", source: paths.work, options: ["rw"] },
    ],
    linux: { namespaces: ["pid", "network", "ipc", "uts", "mount"].map((type) => ({ type })) },
  };
}

const rlimit = (type: string, value: number) => ({ type, hard: value, soft: value });
