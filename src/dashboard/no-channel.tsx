// The page for an invalid `/live?channel=…`: makes no request to the hub.
export function NoChannel({ name }: { name: string }) {
  return (
    <main>
      <h1>Reactor</h1>
      <p className="error" role="alert" data-reactor="no-channel">
        “{name}” is not a valid channel name: use 1 to 64 of a-z, 0-9, “.”, “_” and “-”, starting with a letter or
        digit.
      </p>
      <p>
        <a href="/live">The default channel</a>
      </p>
    </main>
  );
}
