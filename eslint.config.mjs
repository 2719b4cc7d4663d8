// Lints for mistakes; the look of the code is prettier's business.
import tseslint from "typescript-eslint";
import prettier from "eslint-config-prettier";

const noEnums = {
  selector: "TSEnumDeclaration",
  message: "Use a union of string literals: it is data, and prints as itself.",
};

// Text that was parsed (JSON.parse, yaml's parse) and rows of a database, under a type that nobody checked: by `as`, or on the left.
const casts = [
  ":matches(TSAsExpression, VariableDeclarator[id.typeAnnotation]):not([typeAnnotation.type='TSUnknownKeyword'])",
  ":not([id.typeAnnotation.typeAnnotation.type='TSUnknownKeyword'])",
].join("");
const unchecked = [
  "CallExpression[callee.object.name='JSON'][callee.property.name='parse']",
  "CallExpression[callee.name='parse']",
  "MemberExpression[property.name='rows']",
];
const castAnswers = [...unchecked, "Identifier[name='rows']"].map((what) => ({
  selector: `${casts} > ${what}`,
  message: "What was read from outside is parsed by a schema, never cast: remote/answer.ts, contract/read.ts.",
}));

export default tseslint.config(
  { ignores: ["node_modules/", ".build/", ".lab/", "rehearsal/", "*.mjs"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "no-restricted-syntax": ["error", noEnums],
    },
  },
  {
    // Every room; tests and the lab read back what they wrote themselves.
    files: ["**/*.ts"],
    ignores: ["recovery/recover.ts", "lab/**", "tests/**"], // the first: what the engine says of itself
    rules: { "no-restricted-syntax": ["error", noEnums, ...castAnswers] },
  },
  {
    // A host that can't be asked is unknown, never one that does not serve: one file keeps the two apart.
    files: ["stacks/**/*.ts"],
    ignores: ["stacks/reports.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        noEnums,
        ...castAnswers,
        { selector: "CallExpression[callee.property.name='state']", message: "Ask through stacks/reports.ts." },
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
  {
    // One in 230 of them can't be read again.
    files: ["tests/**/*.ts", "lab/**/*.ts"],
    ignores: ["lab/keyPair.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        noEnums,
        {
          selector: "CallExpression[callee.property.name='generateKeyPairSync'][arguments.0.value='ed25519']",
          message: "Take generateKeyPair of lab/keyPair.ts.",
        },
      ],
    },
  },
  prettier,
);
