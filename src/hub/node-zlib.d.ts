// What the hub takes of Node's modules, which workerd has without a flag. All of @types/node would give the rooms a `process`.
declare module "node:zlib" {
  export function deflateRawSync(text: string, options: { readonly level: number }): Uint8Array;
}
