import type { VerifyResult } from "@assay/contracts";
import { languageById } from "@assay/languages";
import type { Sandbox } from "@assay/sandbox";
import { compileCaches } from "../compile-cache.ts";
import type { PackageFiles } from "../package/files.ts";
import { verifyPackage } from "../verify/verify.ts";

/** What verification says of a package, on the languages that ship with Assay. */
export const verified = async (
  { sandbox, images }: { readonly sandbox: Sandbox; readonly images: ReadonlyMap<string, string> },
  packageFiles: PackageFiles,
): Promise<VerifyResult> =>
  await verifyPackage({
    packageFiles,
    shortName: "problem",
    sandbox,
    compiled: compileCaches(sandbox, {
      maxEntries: 32,
      maxBytes: 256 * 1024 * 1024,
      platform: "test",
      store: null,
    }).of("test"),
    toolbox: {
      toolsFor: (id) => {
        const language = languageById(id);
        const image = images.get(language?.image ?? "");
        return language === null || image === undefined ? null : { language, image };
      },
    },
    parallel: 1,
    runner: "test",
    speedFactor: null,
    signal: new AbortController().signal,
    onEvent: () => undefined,
  });
