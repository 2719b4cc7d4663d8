// Lints for mistakes; the look of the code is prettier's business.
import tseslint from "typescript-eslint";
import prettier from "eslint-config-prettier";

export default tseslint.config(
  { ignores: ["node_modules/", ".build/", ".lab/", "rehearsal/", "*.mjs"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "no-restricted-syntax": [
        "error",
        { selector: "TSEnumDeclaration", message: "Use a union of string literals: it is data, and prints as itself." },
      ],
    },
  },
  {
    // remote.Command has traps (see components/runner.ts); one file deals with them.
    files: ["**/*.ts"],
    ignores: ["components/runner.ts", "lab/**", "tests/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "@pulumi/command", message: "Go through components/runner.ts." }] },
      ],
    },
  },
  prettier,
);
