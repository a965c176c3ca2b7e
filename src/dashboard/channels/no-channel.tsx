// The page for an invalid `/live?channel=…`: makes no request to the hub.
import { channelFault } from "../../wire/channel.ts";

export function NoChannel({ name }: { name: string }) {
  return (
    <main>
      <h1>Reactor</h1>
      <p className="error" role="alert" data-reactor="no-channel">
        “{name}” is not a valid channel name. {channelFault(name)}
      </p>
      <p>
        <a href="/live">The default channel</a>
      </p>
    </main>
  );
}
