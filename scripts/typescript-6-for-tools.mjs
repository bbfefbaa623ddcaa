// Preloaded for tools that need TypeScript's API, which version 7 does not have yet: for them, and
// only in their process, "typescript" is version 6.
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.replace(/^typescript(?=$|\/)/, "typescript-6"), context),
});
