export type { BlobInfo, BlobStore, DeleteOptions, PutOptions, ReadOptions } from "./store.ts";
export { BlobError } from "./store.ts";
export { openDirectoryStore } from "./directory.ts";
export type { DirectoryStoreOptions } from "./directory.ts";
