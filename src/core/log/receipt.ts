/** What a publisher is told of its events, in their order; `cursor` is that of the highest seq. */
export interface Receipt {
  readonly cursor: string;
  readonly events: readonly { readonly id: string; readonly seq: number; readonly duplicate: boolean }[];
}
