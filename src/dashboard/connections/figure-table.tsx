// A table of figures, the last of a row at the right.
import { createElement, type ReactNode } from "react";
import { useFormats } from "../words/formats.ts";
import { NONE } from "../words/reading.tsx";

interface FigureTableProps {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
  /** Said where there are no rows. */
  readonly nothing?: string;
  /** It may have to be scrolled sideways, also by keyboard. */
  readonly isWide?: boolean;
}

export function FigureTable({ title, heads, rows, nothing = NONE, isWide = false }: FigureTableProps) {
  if (rows.length === 0) {
    return (
      <div>
        <h4>{title}</h4>
        <p className="soft">{nothing}</p>
      </div>
    );
  }
  return (
    <div {...(isWide && { className: "wide", role: "group", "aria-label": title, tabIndex: 0 })}>
      <table>
        <caption>{title}</caption>
        <thead>{rowOf(heads.map(headCell))}</thead>
        {createElement("tbody", null, ...rows.map((cells) => rowOf(cells.map(bodyCell))))}
      </table>
    </div>
  );
}

/** Rows and cells have no identity but their place, so they are children one by one, not a list, which would want keys. */
function rowOf(cells: readonly ReactNode[]): ReactNode {
  return createElement("tr", null, ...cells);
}

function headCell(head: string): ReactNode {
  return head === "" ? <td /> : <th scope="col">{head}</th>;
}

function bodyCell(cell: ReactNode): ReactNode {
  return <td>{cell}</td>;
}

/** @returns what makes a text of a figure that may be unknown */
export function useFigure(): (figure: number | null) => string {
  const { count } = useFormats();
  return (figure) => (figure === null ? NONE : count(figure));
}
