import { leaveOutBytes, type Message } from "@rivulet/domain/messages";
import { expect, test } from "vitest";

test.each([
  ["", 0],
  ["aA==", 1],
  ["aGk=", 2],
  ["aGV5", 3],
  ["aA", 1],
])("of a file whose data are %j the size stays: %i", (data, size) => {
  const message: Message = {
    role: "user",
    content: [{ type: "media", kind: "image", data }],
  };
  expect(leaveOutBytes(message).content).toEqual([{ type: "media", kind: "image", size }]);
});
