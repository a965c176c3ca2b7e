#!/usr/bin/env bash
# In a Chromium that runs under the POSIX locale, as in most containers, `navigator.language` is no language tag, and `Intl` throws on it.
#
# Guessed: `new Intl.NumberFormat(navigator.language)` is safe: the browser names its own language. Seen: Chromium says "en-US@posix",
# with the modifier of the POSIX locale, and Intl.NumberFormat throws a RangeError: Invalid language tag. uPlot does
# just that as its module is run, so a page's script that imports it ends there. Under LC_ALL=en_US.UTF-8 it is "en-US", and all works.
# playwright-core 1.65.1, @sparticuz/chromium 153.0.0 (headless shell), uplot 1.6.32, Node 20 or newer.
#
# Prints both. Exit code 1: it is a tag now, or uPlot no longer minds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund playwright-core@1.65.1 @sparticuz/chromium@153.0.0 uplot@1.6.32
cat > look.mjs <<'JS'
import { readFileSync } from "node:fs";
import chromium from "@sparticuz/chromium";
import { chromium as driver } from "playwright-core";
const executablePath = await chromium.executablePath();
const uplot = readFileSync("node_modules/uplot/dist/uPlot.iife.js", "utf8");
const look = async (LC_ALL) => {
  const browser = await driver.launch({ executablePath, args: chromium.args, env: { ...process.env, LC_ALL, LANGUAGE: "" } });
  const page = await browser.newPage();
  const thrown = [];
  page.on("pageerror", ({ message }) => thrown.push(message));
  const language = await page.evaluate("navigator.language");
  await page.addScriptTag({ content: uplot });
  const isThere = await page.evaluate("typeof uPlot");
  await browser.close();
  console.log(`LC_ALL=${LC_ALL}: navigator.language is ${language}, uPlot is ${isThere}${thrown.map((each) => `, ${each}`)}`);
  return { language, isThere };
};
const posix = await look("POSIX");
const utf8 = await look("en_US.UTF-8");
const isAsSeen = posix.language === "en-US@posix" && posix.isThere === "undefined" && utf8.isThere === "function";
process.exit(isAsSeen ? 0 : 1);
JS
node look.mjs
