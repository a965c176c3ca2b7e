// The platform of a package, read from its name: `@biomejs/cli-linux-arm64-musl`, `workerd-windows-64`.

/** As npm writes them into a lock. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
  readonly libc?: string;
}

const OS: Readonly<Record<string, string>> = {
  aix: "aix",
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  linuxmusl: "linux",
  netbsd: "netbsd",
  openbsd: "openbsd",
  openharmony: "openharmony",
  sunos: "sunos",
  win32: "win32",
  windows: "win32",
};

const CPU: Readonly<Record<string, string>> = {
  "64": "x64",
  arm: "arm",
  arm64: "arm64",
  ia32: "ia32",
  loong64: "loong64",
  mips64el: "mips64el",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  x64: "x64",
};

const LIBC: Readonly<Record<string, string>> = {
  gnu: "glibc",
  linuxmusl: "musl",
  musl: "musl",
};

/** @returns `undefined` for a name without a platform */
export function platformOf(packageName: string): Platform | undefined {
  const words = packageName.split(/[^a-z0-9]+/);
  const find = (table: Readonly<Record<string, string>>) => words.map((word) => table[word]).find(Boolean);
  const [os, cpu, libc] = [find(OS), find(CPU), find(LIBC)];
  return os && cpu ? { os, cpu, ...(libc && { libc }) } : undefined;
}
