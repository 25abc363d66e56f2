import { Client } from "pg";

/** Asks a server something, beside the stores that use it. */
export async function ask(
  url: string,
  text: string,
  values: readonly (string | number)[] = [],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
