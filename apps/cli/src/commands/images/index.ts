import type { Command } from "commander";
import { registerBuild } from "./build.ts";
import { registerExport } from "./export.ts";
import { registerGc } from "./gc.ts";
import { registerImport } from "./import.ts";
import { registerList } from "./list.ts";
import { registerPush } from "./push.ts";
import { registerRemove } from "./remove.ts";
import { registerShow } from "./show.ts";
import { registerVerify } from "./verify.ts";

export function registerImages(program: Command): void {
  const images = program.command("images").description("images of this machine");
  registerList(images);
  registerShow(images);
  registerBuild(images);
  registerVerify(images);
  registerExport(images);
  registerImport(images);
  registerPush(images);
  registerGc(images);
  registerRemove(images);
}
