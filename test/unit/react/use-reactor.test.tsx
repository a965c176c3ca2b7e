import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { useReactor } from "../../../src/react/index.ts";

function Outside() {
  return <p>{useReactor().connected}</p>;
}

it("[U1] throws outside of a provider, and names what is missing", () => {
  expect(() => renderToString(<Outside />)).toThrow("ReactorProvider");
});
