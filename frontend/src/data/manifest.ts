import type { Manifest } from "../model/schema.gen";
import { DataError } from "./errors";

const SCHEMA = "emblink.bundle/2";

/** The manifest in parsed JSON, or a `DataError` when it is not one that this page reads. */
export function readManifest(json: unknown): Manifest {
  const schema: unknown = typeof json === "object" && json !== null && "schema" in json ? json.schema : undefined;
  if (schema === SCHEMA) return json as Manifest;
  const found = typeof schema === "string" ? `has schema '${schema}'` : "has no schema";
  throw new DataError("manifest", `${found}, this page reads '${SCHEMA}'`, "update Emblink, or compare again with this one");
}
