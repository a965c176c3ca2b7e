// uPlot, run when the first chart is drawn: what stands around it is there before.
import type uPlot from "uplot";
import { isLocale } from "../words/formats.ts";
import "uplot/dist/uPlot.min.css";

export async function loadPlot(): Promise<typeof uPlot> {
  // Chromium under a POSIX locale names its language `en-US@posix`, with which uPlot makes a format as it is run: that throws.
  if (!isLocale(navigator.language)) Object.defineProperty(navigator, "language", { value: "en" });
  return (await import("uplot")).default;
}
