// Completes package-lock.json so that it installs everywhere, whatever registry it was written with.
import { platformOf } from "./platform.ts";

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dev?: true;
  readonly optional?: true;
  readonly peer?: true;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/**
 * Adds an entry for each platform package that the registry lacked: npm drops those, and then refuses the lock it wrote
 * ("Missing: … from lock file"). Removes the addresses that packages were fetched from: they belong to one
 * machine, and the integrity hashes suffice.
 */
export function completeLock<L extends Lock>(lock: L): { lock: L; changes: string[] } {
  const packages: Record<string, LockedPackage> = {};
  const changes: string[] = [];
  for (const [path, { resolved, ...locked }] of Object.entries(lock.packages)) {
    const remote = resolved?.startsWith("http");
    packages[path] = remote || resolved === undefined ? locked : { ...locked, resolved };
    if (remote) changes.push(`removed the address from ${path}`);
  }
  for (const [path, parent] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      if (pathsFrom(path, name).some((candidate) => packages[candidate])) continue;
      packages[`node_modules/${name}`] = missingPackage(name, version, parent);
      changes.push(`added ${name} ${version}`);
    }
  }
  if (changes.length === 0) return { lock, changes };
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en")); // npm's own order
  return { lock: { ...lock, packages: Object.fromEntries(sorted) }, changes };
}

/** Where Node looks for `name` from the package at `path`: its own node_modules, then those around it. */
function pathsFrom(path: string, name: string): string[] {
  const paths = [`node_modules/${name}`];
  for (let at = path; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    paths.unshift(`${at}/node_modules/${name}`);
  }
  return paths;
}

function missingPackage(name: string, version: string, parent: LockedPackage): LockedPackage {
  const platform = platformOf(name);
  if (!platform) throw new Error(`${name} is missing from the lock, and its name has no platform`);
  const { os, cpu, libc } = platform;
  return {
    version,
    cpu: [cpu],
    ...(parent.dev && { dev: true }),
    ...(libc && { libc: [libc] }),
    optional: true,
    os: [os],
    ...(parent.peer && { peer: true }),
  };
}
