import { z } from "zod";
import { ImageStorage, ImagesInUse, PublishImage, PublishedImage } from "./images.ts";
import { Digest } from "./job.ts";
import { defineRoute } from "./route.ts";

const byDigest = z.object({ digest: Digest });
const Digests = z.object({ digests: z.array(Digest).max(1024) });
const Images = z.object({ items: z.array(PublishedImage) });

/** Images of an organization: its people publish them, its runners fetch them. */
export const imageRoutes = {
  missingImageBlobs: defineRoute({
    id: "missingImageBlobs",
    summary: "Which of these blobs this organization has not uploaded yet: the way to go on with a push",
    method: "POST",
    path: "/api/v1/images/missing",
    permission: "images:write",
    tag: "images",
    body: z.strictObject({ digests: Digests.shape.digests }),
    response: Digests,
  }),
  putImageBlob: defineRoute({
    id: "putImageBlob",
    summary: "Upload one blob of an image, which must have this digest",
    method: "PUT",
    path: "/api/v1/images/blobs/:digest",
    permission: "images:write",
    tag: "images",
    params: byDigest,
    bodyKind: "bytes",
    response: z.object({ digest: Digest, size: z.int() }),
    status: 201,
  }),
  publishImage: defineRoute({
    id: "publishImage",
    summary: "Publish an image whose blobs are all uploaded; the same again answers 200",
    method: "POST",
    path: "/api/v1/images",
    permission: "images:write",
    tag: "images",
    body: PublishImage,
    response: PublishedImage,
    status: 201,
    alsoStatus: [200],
  }),
  listImages: defineRoute({
    id: "listImages",
    summary: "Published images, newest first, and how much of the disk that they may take is taken",
    method: "GET",
    path: "/api/v1/images",
    permission: "images:read",
    tag: "images",
    response: Images.extend({ storage: ImageStorage }),
  }),
  imagesInUse: defineRoute({
    id: "imagesInUse",
    summary: "Images that jobs which are not settled, or results of the retention period, name",
    method: "GET",
    path: "/api/v1/images/in-use",
    permission: "images:read",
    tag: "images",
    response: ImagesInUse,
  }),
  getImage: defineRoute({
    id: "getImage",
    summary: "One published image",
    method: "GET",
    path: "/api/v1/images/:digest",
    permission: "images:read",
    tag: "images",
    params: byDigest,
    response: PublishedImage,
  }),
  deleteImage: defineRoute({
    id: "deleteImage",
    summary: "Withdraw an image; runners that have it keep it, blobs that nothing else needs go",
    method: "DELETE",
    path: "/api/v1/images/:digest",
    permission: "images:write",
    tag: "images",
    params: byDigest,
    status: 204,
  }),

  listImagesForRunner: defineRoute({
    id: "listImagesForRunner",
    summary: "Published images that this runner can fetch, newest first",
    method: "GET",
    path: "/api/v1/runner/images",
    permission: "runner",
    tag: "runner protocol",
    response: Images,
  }),
  imagesInUseForRunner: defineRoute({
    id: "imagesInUseForRunner",
    summary: "Images that must stay on this runner's machine",
    method: "GET",
    path: "/api/v1/runner/images/in-use",
    permission: "runner",
    tag: "runner protocol",
    response: ImagesInUse,
  }),
  getImageForRunner: defineRoute({
    id: "getImageForRunner",
    summary: "One published image, before a runner fetches it",
    method: "GET",
    path: "/api/v1/runner/images/:digest",
    permission: "runner",
    tag: "runner protocol",
    params: byDigest,
    response: PublishedImage,
  }),
  readImageBlob: defineRoute({
    id: "readImageBlob",
    summary: "Bytes of one part of a published image; no others",
    method: "GET",
    path: "/api/v1/runner/images/:digest/blobs/:blob",
    permission: "runner",
    tag: "runner protocol",
    params: byDigest.extend({ blob: Digest }),
    responseKind: "bytes",
  }),
} as const;
