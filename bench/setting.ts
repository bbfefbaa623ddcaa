import { join, resolve } from "node:path";

export const checkout = resolve(import.meta.dirname, "..");
export const imagesDirectory = process.env["ASSAY_IMAGES_DIR"] ?? join(checkout, ".cache/images");
/** Programs of native/ that measure the bare kernel. */
export const nativeBench = (name: string): string => join(checkout, "native/build", name);
