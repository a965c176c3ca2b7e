import { expect, it } from "vitest";
import { browserPorts } from "../../../src/client/connection/ports.ts";

it("runs a due timer once, and not after its undo", async () => {
  const ran: string[] = [];
  await new Promise<void>((resolve) => {
    const undo = browserPorts.after(0, () => ran.push("undone"));
    browserPorts.after(0, () => {
      ran.push("kept");
      browserPorts.after(0, resolve);
    });
    undo();
  });
  expect(ran).toEqual(["kept"]);
});
