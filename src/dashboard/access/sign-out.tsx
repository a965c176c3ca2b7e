// Forgets the key or token, and everything that it has shown: the page is loaded anew.
import { useSnapshot } from "../../react/snapshot.ts";
import { keepCredential } from "../visit/kept-credential.ts";
import { useVisit } from "../visit/visit-context.ts";
import { useWords } from "../words/language.ts";
import { ACCESS_WORDS } from "./access-words.ts";

function signOut(): void {
  keepCredential(null);
  location.reload();
}

export function SignOut() {
  const words = useWords(ACCESS_WORDS);
  const { credential, wasIn } = useSnapshot(useVisit().entry);
  if (credential === null || !wasIn) return null;
  return (
    <button type="button" className="small" data-reactor="sign-out" onClick={signOut}>
      {words.signOut}
    </button>
  );
}
