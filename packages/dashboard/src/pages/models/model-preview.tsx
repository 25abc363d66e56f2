import type { RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { Tags } from "../../components/chips.tsx";
import { Section } from "../../components/page.tsx";
import { Age } from "../../components/time.tsx";
import { askModelVersions } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";

/** Versions listed in the side panel; the page has all of them. */
const LISTED = 10;

/** A model in the side panel of the list: its newest versions, and the aliases on them. */
export function ModelPreview({ model }: { model: RegisteredModel }): JSX.Element {
  const versions = usePages(askModelVersions(model.name)).data ?? [];
  return (
    <>
      {model.description === "" ? null : <p>{model.description}</p>}
      <Tags tags={model.tags} />
      <Section title="Versions">
        <table class="plain-table" aria-label="Versions">
          <tbody>
            {versions.slice(0, LISTED).map(({ name, version, description, createdAt }) => (
              <tr key={version}>
                <th scope="row">
                  <a href={paths.modelVersion(name, version)}>v{version}</a>
                </th>
                <td>{aliasesOf(model, version)}</td>
                <td>{description}</td>
                <td>
                  <Age time={createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    </>
  );
}

function aliasesOf({ aliases }: RegisteredModel, version: number): string {
  const on = Object.entries(aliases).filter(([, pointed]) => pointed === version);
  return on.map(([alias]) => `@${alias}`).join(" ");
}
