import type { Reporter, TestCase } from "vitest/node";

/** Says of each skipped test why it was skipped. */
export function skipReporter(): Reporter {
  return {
    onTestCaseResult(test: TestCase) {
      const result = test.result();
      if (result.state !== "skipped") return;
      const reason = result.note ?? "no reason given";
      process.stdout.write(` skipped: ${test.fullName}: ${reason}\n`);
    },
  };
}
