/** Of this server, as package.json has it: a test keeps the two equal, since no room may import from outside `src`. */
export const VERSION = "0.1.0";
