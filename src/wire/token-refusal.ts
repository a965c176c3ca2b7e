// How the reason of a refused token begins where time cures it. The close code is the same for every token that is refused (4401),
// and a client goes on where the next token, or the same one later, may pass.

/** The next token of the same source will pass. */
export const TOKEN_EXPIRED = "The token has expired";

/** The same token will pass. The clock of its issuer is ahead. */
export const TOKEN_NOT_YET_VALID = "The token is not valid yet";
