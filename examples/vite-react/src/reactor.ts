// The hooks of this application, which know its events. Components import them from here.
import { typedHooks } from "pulse-reactor/react";

interface Events {
  news_processed: { title: string };
}

export const { useReactorEvents } = typedHooks<Events>();
