// Two hubs on one data folder overtake each other's log: one of them then refuses every emit, and its subscribers hear nothing.
// The lock is SQLite's on a file in the folder: the system takes it away from a process that is killed.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const LOCK = "npm-start.lock";
const HOLDER = "npm-start.json";

/** Held for as long as the process lives, and must not be collected before. */
const held: DatabaseSync[] = [];

/** @param address of the hub that will use the folder @returns the address of the hub that uses it already; `null`: it is ours */
export function lockData(folder: string, address: string): string | null {
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(join(folder, LOCK), { timeout: 0 });
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    return holderOf(folder);
  }
  held.push(lock);
  writeFileSync(join(folder, HOLDER), JSON.stringify({ address, pid: process.pid }));
  return null;
}

const SQLITE_BUSY = 5;

function holderOf(folder: string): string {
  try {
    return String(JSON.parse(readFileSync(join(folder, HOLDER), "utf8")).address);
  } catch {
    return "an address that it has not written down yet";
  }
}
