import type { ModelVersion } from "@rivulet/core";
import { paths } from "../routing/paths.ts";
import type { Fact } from "./page.tsx";

/** The versions that were registered of something; none says nothing. */
export function registeredAs(versions: readonly ModelVersion[]): Fact | undefined {
  if (versions.length === 0) return undefined;
  return [
    "Registered as",
    versions.map(({ name, version }) => (
      <a
        key={`${name}/${version}`}
        class="chip tone-accent"
        href={paths.modelVersion(name, version)}
      >
        {name} v{version}
      </a>
    )),
  ];
}
