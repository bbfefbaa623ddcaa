import { Readable } from "node:stream";
import { AssayError, routes } from "@assay/contracts";
import { Answer, mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import { missingBlobs, putImageBlob, readImageBlob } from "../../images/blobs.ts";
import { listImages, requireImage } from "../../images/images.ts";
import { imagesInUse } from "../../images/in-use.ts";
import { publishImage } from "../../images/publish.ts";
import { imageStorage } from "../../images/storage.ts";
import { deleteImage } from "../../images/sweep.ts";
import type { Services } from "../../services.ts";

const listLimit = 128 * 1024;

export function mountImages(mounting: Mounting, services: Services): void {
  const { config, database } = services;

  mount(
    mounting,
    routes.missingImageBlobs,
    async ({ body, caller }) => ({ digests: await missingBlobs(services, caller, body.digests) }),
    { bodyLimit: listLimit },
  );

  mount(
    mounting,
    routes.putImageBlob,
    async ({ params, request, caller, log }) => {
      if (!(request.body instanceof Readable)) throw new AssayError("invalid_request", "The body is empty.");
      const announced = request.headers["content-length"];
      const blob = await putImageBlob(
        services,
        caller,
        params.digest,
        request.body,
        announced === undefined ? null : Number(announced),
      );
      log.info(blob, "image blob uploaded");
      return blob;
    },
    { bodyLimit: config.maxImageBlobBytes },
  );

  mount(
    mounting,
    routes.publishImage,
    async ({ body, caller, log }) => {
      const { image, created } = await publishImage(services, caller, body);
      log.info({ image: image.name, digest: image.digest, created }, "image published");
      return new Answer(created ? 201 : 200, image);
    },
    { bodyLimit: listLimit },
  );

  mount(mounting, routes.deleteImage, async ({ params, caller, log }) => {
    await deleteImage(services, caller, params.digest);
    log.info({ digest: params.digest }, "image withdrawn");
    return {};
  });

  mount(mounting, routes.listImages, async ({ caller }) => ({
    items: await listImages(database, caller),
    storage: await imageStorage(services, caller),
  }));

  mount(mounting, routes.listImagesForRunner, async ({ caller }) => ({
    items: await listImages(database, caller),
  }));

  for (const route of [routes.imagesInUse, routes.imagesInUseForRunner])
    mount(mounting, route, ({ caller }) => imagesInUse(services, caller));

  for (const route of [routes.getImage, routes.getImageForRunner])
    mount(mounting, route, ({ params, caller }) => requireImage(database, caller, params.digest));

  mount(
    mounting,
    routes.readImageBlob,
    ({ params, caller }) => readImageBlob(services, caller, { image: params.digest, blob: params.blob }),
    { quiet: true },
  );
}
