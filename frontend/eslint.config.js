import svelte from "eslint-plugin-svelte";
import tseslint from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

/** Files of a room of `src/`, which may import from the doors of the given rooms; of `types`, types alone. */
function room(name, { from = [], types = [] }) {
  const known = [...from, ...types];
  const door = (path) => `${path.replaceAll(".", "\\.")}$`;
  const message = known.length > 0 ? `${name}/ knows ${known.join(" and ")} alone, by the door.` : `${name}/ knows no other room.`;
  const patterns = [
    { regex: `^\\.\\./(?!${known.map(door).join("|") || "$"})`, message },
    { regex: "^\\.(/|/index)?$", message: "A room does not go through its own door." },
    ...types.map((path) => ({ regex: `^\\.\\./${door(path)}`, allowTypeImports: true, message: `${name}/ knows the types of ${path} alone.` })),
  ];
  return { files: [`src/${name}/**`], rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] } };
}

export default tseslint.config(
  { ignores: ["**/*.gen.ts"] },
  ...tseslint.configs.strictTypeChecked,
  ...svelte.configs["flat/recommended"],
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: [".svelte"] } } },
  { files: ["**/*.svelte", "**/*.svelte.ts"], languageOptions: { parserOptions: { parser: tseslint.parser, svelteConfig } } },
  {
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": "off",
      // State is replaced whole, so that a set needs to tell nobody of its changes.
      "svelte/prefer-svelte-reactivity": "off",
      // A space at the start of a block is kept in no other way.
      "svelte/no-useless-mustaches": "off",
    },
  },
  room("engine", {}),
  room("data", { types: ["model/schema.gen"] }),
  room("model", { types: ["data"] }),
  room("ui", { from: ["engine", "model"] }),
  room("entry", { from: ["ui", "ui/panels", "data", "app.css"] }),
);
