// `runtime-ports.ts` of builds for browsers, which lack what Node needs to end a socket.
export { browserPorts as runtimePorts } from "./ports.ts";
