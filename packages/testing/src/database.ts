export { temporaryDatabase } from "@assay/database/testing";
export type { TemporaryDatabase } from "@assay/database/testing";
