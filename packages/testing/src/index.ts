export * from "./catalogue-images.ts";
export * from "./database.ts";
export * from "./directory.ts";
export * from "./image.ts";
export * from "./processes.ts";
export * from "./sandbox.ts";
export * from "./until.ts";
