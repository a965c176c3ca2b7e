// `runtime-ports.ts` of builds for browsers, which lack what Node needs to end a socket.
import { BUFFERS, inflater } from "./inflate.ts";
import { browserPorts, type Ports } from "./ports.ts";

export const runtimePorts: Ports = {
  ...browserPorts,
  open: (url, protocols) => Object.assign(browserPorts.open(url, protocols), BUFFERS),
  inflater,
};
