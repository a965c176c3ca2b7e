import { expect, it } from "vitest";
import { type Batch, type Committed, GroupCommit, MAX_QUEUED_BYTES } from "../../../src/core/group-commit.ts";
import { err, ok } from "../../../src/wire/problem.ts";
import { draftOf, draftsOf } from "../../support/drafts.ts";
import { settled } from "../../support/hub-in-memory.ts";

const EMPTY = { cursor: "abc.1", events: [] };

/** A group commit whose commits are noted, each as the sizes of its batches, and are durable when the test says so. */
function groupCommitOf(commit: (batches: readonly Batch[]) => readonly Committed[] = accept) {
  const commits: number[][] = [];
  const awake: Promise<unknown>[] = [];
  let syncs: PromiseWithResolvers<void>[] = [];
  const groupCommit = new GroupCommit(
    (batches) => {
      commits.push(batches.map(({ drafts }) => drafts.length));
      return commit(batches);
    },
    {
      durable() {
        const sync = Promise.withResolvers<void>();
        syncs.push(sync);
        return sync.promise;
      },
      keepAwake: (promise) => void awake.push(promise),
    },
  );
  const answers: string[] = [];
  const emit = (count: number | Batch["drafts"], name = "") => {
    const drafts = typeof count === "number" ? draftsOf(count) : count;
    void groupCommit.emit({ drafts, cause: null }).then(({ receipt }) => {
      answers.push(receipt.ok ? name : receipt.problem.code);
    });
  };
  /** What was committed up to now is durable. */
  const sync = async (error?: Error) => {
    const begun = syncs;
    syncs = [];
    for (const each of begun) error ? each.reject(error) : each.resolve();
    await settled();
  };
  return { emit, sync, commits, answers, awake };
}

function accept(batches: readonly Batch[]): readonly Committed[] {
  return batches.map(() => ({ receipt: ok(EMPTY), heard: Promise.resolve() }));
}

/** One draft whose data takes so many bytes. */
const heavy = (bytes: number) => [draftOf({ type: "a", data: "x".repeat(bytes) })];

it("[L10] commits an emit in its own turn where no commit is in progress", async () => {
  const { emit, sync, commits } = groupCommitOf();
  emit(1);
  expect(commits).toEqual([[1]]);
  await sync();
  emit(3);
  expect(commits).toEqual([[1], [3]]);
});

it("[L10] commits what arrives during a commit together, in the order of arrival, once that one is durable", async () => {
  const { emit, sync, commits, answers } = groupCommitOf();
  for (const name of ["first", "second", "third"]) emit(2, name);
  await settled();
  expect([commits, answers]).toEqual([[[2]], ["first"]]);
  await sync();
  expect([commits, answers]).toEqual([
    [[2], [2, 2]],
    ["first", "second", "third"],
  ]);
});

it("[L10] asks when a commit is durable once it is written, for storage waits for no later write", async () => {
  const calls: string[] = [];
  const ports = {
    durable: async () => void calls.push("durable"),
    keepAwake: () => {},
  };
  const groupCommit: GroupCommit = new GroupCommit((batches) => {
    calls.push(`commit ${batches.length}`);
    // As a listener does, which is called within the commit.
    if (calls.length === 1) for (const _ of [1, 2]) void groupCommit.emit({ drafts: draftsOf(1), cause: null });
    return accept(batches);
  }, ports);
  void groupCommit.emit({ drafts: draftsOf(1), cause: null });
  await settled();
  expect(calls).toEqual(["commit 1", "durable", "commit 2", "durable"]);
});

it("[L10] goes on as it began, also where a sync fails", async () => {
  const { emit, sync, commits } = groupCommitOf();
  for (let n = 0; n < 3; n++) emit(1);
  await sync(new Error("The disk is gone."));
  emit(1);
  await sync();
  await sync();
  emit(1);
  expect(commits).toEqual([[1], [1, 1], [1], [1]]);
});

it("[L10] commits no more than 64 events together, and does not wait where as many are there", async () => {
  const { emit, sync, commits } = groupCommitOf();
  for (let n = 0; n < 100; n++) emit(1);
  expect(commits.map((sizes) => sizes.length)).toEqual([1, 64]);
  await sync();
  expect(commits.map((sizes) => sizes.length)).toEqual([1, 64, 35]);
});

it("[L10] waits for the newest commit, also where an earlier one is durable", async () => {
  const { emit, sync, commits } = groupCommitOf();
  emit(1);
  const earlier = sync(); // of the first alone
  for (let n = 0; n < 65; n++) emit(1);
  await earlier;
  expect(commits.map((sizes) => sizes.length)).toEqual([1, 64]);
  await sync();
  expect(commits.map((sizes) => sizes.length)).toEqual([1, 64, 1]);
});

it("[L10] commits no more than 1 MiB together, and waits for the disk before it commits more than that", async () => {
  const { emit, sync, commits } = groupCommitOf();
  emit(heavy(250_000));
  for (let n = 0; n < 9; n++) emit(heavy(250_000));
  expect(commits.map((sizes) => sizes.length)).toEqual([1, 4]);
  await sync();
  await sync();
  await sync();
  expect(commits.slice(1).map((sizes) => sizes.length)).toEqual([4, 4, 1]);
});

it("[L10] lets a batch that is larger than a group hold up others for one commit", async () => {
  const { emit, sync, commits } = groupCommitOf();
  emit(1);
  emit(1);
  emit(1_000);
  expect(commits).toEqual([[1], [1]]);
  emit(1);
  expect(commits).toEqual([[1], [1], [1_000]]);
  await sync();
  expect(commits).toEqual([[1], [1], [1_000], [1]]);
});

it("[L10] refuses as overloaded what would make more than 8 MiB wait, and takes what comes later", async () => {
  const { emit, sync, answers } = groupCommitOf();
  emit(1, "first");
  for (let bytes = 0; bytes < MAX_QUEUED_BYTES + 4_000_000; bytes += 261_000) emit(heavy(261_000), "heavy");
  await settled();
  const isRefused = answers.includes("overloaded");
  for (let n = 0; n < 20; n++) await sync();
  emit(1, "later");
  await sync();
  expect([isRefused, answers.at(-1)]).toEqual([true, "later"]);
});

it("[L10] keeps the hub awake until its commit is durable", async () => {
  const { emit, sync, awake } = groupCommitOf();
  emit(1);
  let isOver = false;
  void Promise.all(awake).then(() => {
    isOver = true;
  });
  await settled();
  expect([awake.length, isOver]).toEqual([1, false]);
  await sync();
  expect(isOver).toBe(true);
});

it("[L10] gives each batch its own result", async () => {
  const results = ["id_conflict", "log_unavailable"] as const;
  const { emit, sync, answers } = groupCommitOf((batches) =>
    batches.map((_, index) => {
      const code = results[index - 1];
      return { receipt: code === undefined ? ok(EMPTY) : err(code, ""), heard: Promise.resolve() };
    }),
  );
  for (const name of ["a", "b", "c", "d"]) emit(1, name);
  await sync();
  expect(answers).toEqual(["a", "b", "id_conflict", "log_unavailable"]);
});
