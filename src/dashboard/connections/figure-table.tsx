// A table of figures: the last column, and those that hold a number alone, are aligned at the right.
import type { ReactNode } from "react";
import { useFormats } from "../words/formats.ts";
import { NONE } from "../words/reading.tsx";

interface FigureTableProps {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
  /** Said where there are no rows. */
  readonly nothing?: string;
}

export function FigureTable({ title, heads, rows, nothing = NONE }: FigureTableProps) {
  if (rows.length === 0) {
    return (
      <div>
        <h4>{title}</h4>
        <p className="soft">{nothing}</p>
      </div>
    );
  }
  // Rows and cells have no identity beside their place.
  const cells = (row: readonly ReactNode[]) => row.map((cell, column) => [heads[column] ?? "", cell] as const);
  return (
    <div className="wide">
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            {heads.map((head, column) =>
              head === "" ? (
                <td key={`${column}`} />
              ) : (
                <th key={`${column}`} scope="col">
                  {head}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={`${at}`}>
              {cells(row).map(([head, cell], column) => (
                <td key={`${head} ${column}`}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** @returns what makes a text of a figure that may be unknown */
export function useFigure(): (figure: number | null) => string {
  const { count } = useFormats();
  return (figure) => (figure === null ? NONE : count(figure));
}
