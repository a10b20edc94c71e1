import type { Manifest } from "../model/schema.gen";
import { DataError } from "./errors";

const SCHEMAS = ["emblink.bundle/1", "emblink.bundle/1.1"];

/** The manifest in parsed JSON, or a `DataError` when it is not one that this page reads. */
export function readManifest(json: unknown): Manifest {
  const schema: unknown = typeof json === "object" && json !== null && "schema" in json ? json.schema : undefined;
  if (typeof schema === "string" && SCHEMAS.includes(schema)) return json as Manifest;
  const found = typeof schema === "string" ? `has schema '${schema}'` : "has no schema";
  throw new DataError("manifest", `${found}, this page reads '${SCHEMAS[0]}'`, "update Emblink, or compare again with this one");
}
