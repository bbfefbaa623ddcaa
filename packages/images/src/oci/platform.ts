import { bad } from "./bad.ts";

/** Names of architectures as images have them, by Node's. */
const names: Readonly<Record<string, string>> = {
  x64: "amd64",
  ia32: "386",
  ppc64: "ppc64le",
};

export const hostArchitecture = names[process.arch] ?? process.arch;

const debian: Readonly<Record<string, string>> = { i386: "386", ppc64el: "ppc64le", armhf: "arm" };

/** Of what Debian calls so; what runs everywhere is for this machine. */
export const ofDebian = (architecture: string): string =>
  architecture === "all" ? hostArchitecture : (debian[architecture] ?? architecture);

/** @throws ImageError `bad_archive` when programs of the image can't run here */
export const requirePlatform = ({ os, architecture }: { os: string; architecture: string }): void => {
  if (os === "linux" && architecture === hostArchitecture) return;
  const its = JSON.stringify(`${os}/${architecture}`.slice(0, 80));
  throw bad(`The image is for ${its}; this machine is linux/${hostArchitecture}`);
};
