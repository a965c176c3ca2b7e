// Faults in the messages of sockets, and in how they are closed.
import type { Fault } from "../faulty-hub.ts";

export const onSocket = (socket: NonNullable<Fault["socket"]>): Fault => ({ socket });

// biome-ignore lint/suspicious/noExplicitAny: a frame, as it came
export type Frame = any;

export const changed = (change: (frame: Frame) => Frame[]) => (text: string) => {
  if (!text.startsWith("{")) return [text];
  return change(JSON.parse(text)).map((frame) => JSON.stringify(frame));
};

/** Changes the first frame with events after the client sent a message of `type`. */
export function firstAfter(type: string, change: (frame: Frame) => Frame[]): Fault {
  return onSocket(() => {
    let isNext = false;
    return {
      up(text) {
        isNext ||= text.startsWith(`{"type":"${type}"`);
        return [text];
      },
      down: changed((frame) => {
        if (!isNext || !frame.events?.length) return [frame];
        isNext = false;
        return change(frame);
      }),
    };
  });
}

export const beginningLater = (frame: Frame) => [{ ...frame, after: frame.after + 1 }];
export const withoutFirst = (frame: Frame) => [{ ...frame, events: frame.events.slice(1) }];
export const twice = (frame: Frame) => [frame, frame];

export const closingWith = (from: number, to: number): Fault =>
  onSocket(() => ({ close: (code) => ({ code: code === from ? to : code }) }));
