// The house's one-way imports: contracts at the bottom, apps at the top (see ARCHITECTURE.md).
// Tests and what helps only them may look further: they need the real things from all over the house.
const tests = "(\\.test\\.ts$|/testing/|^bench)";
const layer = (name, from, to) => ({
  name,
  severity: "error",
  from: { path: from, pathNot: tests },
  to: { path: to },
});

export default {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "not-to-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    layer("contracts-depends-on-nothing", "^packages/contracts", "^(packages/(?!contracts)|apps)"),
    layer(
      "base-packages-depend-on-contracts-only",
      "^packages/(blobs|database|sandbox|images|languages|client|statements)/",
      "^(packages/(jobs|judging|testing)|apps)/",
    ),
    layer("packages-never-import-apps", "^packages/(?!testing)", "^apps/"),
    layer("runner-never-sees-the-database", "^apps/runner", "^packages/(database|jobs)/"),
    layer("judging-never-sees-the-platform", "^packages/judging", "^packages/(database|jobs|blobs|client)/"),
    layer("server-never-executes", "^apps/server", "^(packages/(sandbox|images)|apps/(runner|cli))/"),
    {
      name: "testing-only-in-tests",
      severity: "error",
      from: { pathNot: tests },
      to: { path: "^packages/testing" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types"],
    },
  },
};
