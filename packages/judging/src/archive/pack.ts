import { basename, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { directoryFiles } from "../package/files.ts";
import { comparePaths } from "../package/names.ts";

/**
 * A package directory as tar.gz, for an upload. The same tree gives the same bytes: no owner, no
 * times, files in order. Links within the package are packed as what they lead to.
 */
export const packDirectory = async (directory: string): Promise<Buffer> => {
  const root = basename(resolve(directory));
  const files = directoryFiles(directory);
  const archive = pack();
  const packed = buffer(archive.pipe(createGzip({ level: 6 })));
  for (const { path } of [...(await files.list())].sort((one, other) => comparePaths(one.path, other.path))) {
    const content = await files.read(path);
    archive.entry(
      { name: `${root}/${path}`, mode: 0o644, mtime: new Date(0), type: "file" },
      Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    );
  }
  archive.finalize();
  return await packed;
};
