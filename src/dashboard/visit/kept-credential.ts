// The credential of a visitor who wants to stay signed in on this tab. `sessionStorage` outlives a reload, not the tab; scripts of this
// origin can read it, and the hub serves none but its own.

const NAME = "reactor:credential";

/** @returns `null`: none is kept */
export function keptCredential(): string | null {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null; // the browser stores nothing for this page
  }
}

/** @param credential `null`: none is kept any more */
export function keepCredential(credential: string | null): void {
  try {
    if (credential === null) sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, credential);
  } catch {
    // it stays in the page's memory
  }
}
