/** A picture: 300 bytes that stand for one. */
export const IMAGE: string = Buffer.from("zz-picture-".repeat(27)).toString("base64");

/** Where requests of both frameworks agree. */
export const SAID = {
  system: "zz instructions of the app",
  user: "zz question of the user",
  session: "zz-session",
  user_id: "zz-user",
  tag: "zz-tag",
  metadata: { release: { number: "zz-nested-metadata" } },
  tool: "zz description of the tool",
  result: "zz result of the tool",
} as const;
