export { uploadPackage } from "../upload.ts";
export { ensureImages } from "./ensure-images.ts";
export { footprint } from "./leftovers.ts";
export { startStack, type Stack } from "./stack.ts";
