import tseslint from "typescript-eslint";

/** Forbid imports from the given sibling rooms of `src/`. */
const never = (...rooms) => ({
  "no-restricted-imports": [
    "error",
    { patterns: rooms.map((room) => ({ group: [`**/${room}/**`, `**/${room}`], message: `This room does not know ${room}/.` })) },
  ],
});

export default tseslint.config(
  { ignores: ["**/*.gen.ts", "**/*.svelte"] },
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": "off",
    },
  },
  { files: ["src/engine/**"], rules: never("data", "model", "ui", "entry") },
  { files: ["src/data/**"], rules: never("engine", "ui", "entry") },
  { files: ["src/model/**"], rules: never("engine", "ui", "entry") },
  { files: ["src/ui/**"], rules: never("entry") },
);
